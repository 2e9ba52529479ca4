"""CloudWatch: alarms of AWS, by way of SNS or EventBridge, and as Amazon Q posts them in chat."""
