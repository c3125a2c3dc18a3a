import { startService } from '@acme/service-kit';
{%- if values.topics.length %}
import './events/listen.js';
{%- endif %}
import { hello } from './hello.js';

await startService({
  name: '${{ values.name }}',
  port: Number(process.env.PORT ?? ${{ values.port }}),
  routes(app) {
    app.get('/hello', async () => hello());
  },
});
