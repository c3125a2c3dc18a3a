import { onEvent } from '@acme/service-kit/events';

{% for topic in values.topics -%}
onEvent('${{ topic }}', '*', async (event, { once }) => {
  await once(event.id, async () => {
    // Do something with the event.
  });
});
{% endfor %}
