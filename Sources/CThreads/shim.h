#pragma once
#include <pthread.h>

// The headers keep it from those who do not ask for GNU's extensions.
int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes);
