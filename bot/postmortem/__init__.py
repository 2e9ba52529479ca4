"""The post-mortem: what people wrote and how it stands, its sections and questions, and how it becomes a document."""
