"""The core of Tocsin: knows incidents; knows no chat platform, no HTTP, no scheduler library."""
