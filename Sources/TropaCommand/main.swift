print("tropa")
