"""The core of Tocsin: incidents and their rules. Chat, HTTP and the scheduler are for the adapters to know."""
