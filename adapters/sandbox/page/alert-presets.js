// Alerts as monitoring tools word them in either chat: firing, and over again.

const RED = 0xd63a3a;
const GREEN = 0x2f9e5f;
const hex = (colour) => `#${colour.toString(16).padStart(6, "0")}`;

// Each: what it is called, who posts it, and its message for either platform.
export const PRESETS = [
  ["grafana", "Grafana: firing", "Grafana", grafana(true)],
  ["grafana-ok", "Grafana: resolved", "Grafana", grafana(false)],
  ["alertmanager", "Alertmanager: firing", "Alertmanager", alertmanager(true)],
  ["alertmanager-ok", "Alertmanager: resolved", "Alertmanager", alertmanager(false)],
  ["betterstack", "Better Stack: incident started", "Better Stack", betterstack()],
  ["uptimerobot", "UptimeRobot: down", "UptimeRobot", uptimerobot(true)],
  ["uptimerobot-up", "UptimeRobot: up again", "UptimeRobot", uptimerobot(false)],
];

function grafana(firing) {
  const head = `[${firing ? "FIRING" : "RESOLVED"}:1] CheckoutErrorRate shop (critical checkout)`;
  const body = `**${firing ? "Firing" : "Resolved"}**\n\nValue: B=${firing ? "7.4" : "0.2"}\nLabels:\n - alertname = CheckoutErrorRate\n - service = checkout\n - severity = critical\nAnnotations:\n - summary = More than 5 % of checkouts fail\nSource: http://grafana.example/alerting/grafana/checkout/view`;
  return {
    slack: {
      text: "",
      attachments: [
        {
          color: firing ? "#D63232" : "#36a64f",
          title: head,
          title_link: "http://grafana.example/alerting/list",
          text: body.replace(/\*\*/g, "*"),
          fallback: head,
          footer: "Grafana v12.1",
        },
      ],
    },
    discord: {
      content: body,
      embeds: [
        {
          type: "rich",
          title: head,
          url: "http://grafana.example/alerting/list",
          color: firing ? RED : GREEN,
          footer: { text: "Grafana v12.1" },
        },
      ],
    },
  };
}

function alertmanager(firing) {
  const title = `[${firing ? "FIRING:2" : "RESOLVED"}] HighLatency api (prod critical)`;
  const lines = ["api-1", "api-2"]
    .map(
      (pod) =>
        `Alert: p99 latency of ${pod} is ${firing ? "above 2 s" : "back to normal"} - critical\nDescription: requests to ${pod} ${firing ? "take longer than 2 s for 5 minutes" : "answer in time"}`,
    )
    .join("\n");
  return {
    slack: {
      text: "",
      attachments: [
        {
          color: firing ? "danger" : "good",
          title,
          title_link: "http://alertmanager.example/#/alerts?receiver=chat",
          text: lines,
          fallback: title,
        },
      ],
    },
    discord: {
      content: "",
      embeds: [
        {
          title,
          url: "http://alertmanager.example/#/alerts?receiver=chat",
          description: lines,
          color: firing ? RED : GREEN,
        },
      ],
    },
  };
}

function betterstack() {
  const cause = "Status 503 instead of 2xx",
    monitor = "shop.example";
  return {
    slack: {
      text: `New incident for ${monitor}`,
      attachments: [
        {
          color: hex(RED),
          blocks: [
            {
              type: "section",
              text: { type: "mrkdwn", text: `*<https://betterstack.example/incidents/7|${monitor}>* is down` },
            },
            {
              type: "section",
              fields: [
                { type: "mrkdwn", text: `*Cause*\n${cause}` },
                { type: "mrkdwn", text: "*Length*\nOngoing" },
              ],
            },
          ],
        },
      ],
    },
    discord: {
      content: "",
      embeds: [
        {
          title: `New incident for ${monitor}`,
          url: "https://betterstack.example/incidents/7",
          color: RED,
          fields: [
            { name: "Cause", value: cause, inline: true },
            { name: "Length", value: "Ongoing", inline: true },
          ],
        },
      ],
    },
  };
}

function uptimerobot(down) {
  const words = down
    ? "Monitor is DOWN: shop.example (https://shop.example) - Reason: HTTP 503 - Service Unavailable"
    : "Monitor is UP: shop.example (https://shop.example). It was down for 6 minutes and 12 seconds.";
  return {
    slack: { text: "", attachments: [{ color: down ? "danger" : "good", text: words, fallback: words }] },
    discord: {
      content: "",
      embeds: [
        { title: down ? "shop.example is down" : "shop.example is up", description: words, color: down ? RED : GREEN },
      ],
    },
  };
}
