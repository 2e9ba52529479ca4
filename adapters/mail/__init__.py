"""E-mail over SMTP: sends each recipient the approved words once, and brings back what the mail server said."""
