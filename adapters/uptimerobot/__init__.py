"""UptimeRobot: monitors that are down or up again, by webhook and as UptimeRobot posts them in chat."""
