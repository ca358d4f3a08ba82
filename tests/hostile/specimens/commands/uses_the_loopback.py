"""Talks to itself over loopback and leaves the port open."""
import os
import socket
import time

server = socket.create_server(("127.0.0.1", 18323))
if os.fork() == 0:
    time.sleep(60)
print(server.getsockname()[1])
