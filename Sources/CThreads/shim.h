#pragma once
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __linux__
// The headers keep it from those who do not ask for GNU's extensions.
int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes);
#endif

/// The lowest address of the calling thread's stack; above all of them if the system does not tell.
static inline uintptr_t thread_stack_bottom(void) {
#ifdef __APPLE__
  return (uintptr_t)pthread_get_stackaddr_np(pthread_self()) -
         pthread_get_stacksize_np(pthread_self());
#else
  pthread_attr_t attributes;
  void *bottom = NULL;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return INTPTR_MAX;
  pthread_attr_getstack(&attributes, &bottom, &size);
  pthread_attr_destroy(&attributes);
  return (uintptr_t)bottom;
#endif
}

/// Runs `body` on a new thread with so many bytes of stack and waits for its end.
/// Returns an error's number if there can be no such thread.
static inline int run_on_new_thread(
    size_t stack_size, void *_Nullable (*_Nonnull body)(void *_Nullable),
    void *_Nullable argument) {
  pthread_attr_t attributes;
  pthread_t thread;
  int code = pthread_attr_init(&attributes);
  if (code != 0) return code;
  code = pthread_attr_setstacksize(&attributes, stack_size);
  if (code == 0) code = pthread_create(&thread, &attributes, body, argument);
  pthread_attr_destroy(&attributes);
  if (code == 0) pthread_join(thread, NULL);
  return code;
}
