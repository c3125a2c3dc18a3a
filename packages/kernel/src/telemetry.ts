import { SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api'

/** The portal's own spans. Without anybody who collects them they cost next to nothing. */
export const tracer = trace.getTracer('callboard')

/** Does something within a span that ends with it, and tells whether it failed. */
export function traced<T>(name: string, attributes: Attributes, run: (span: Span) => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async span => {
    try {
      return await run(span)
    } catch (error) {
      if (error instanceof Error) span.recordException(error)
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}

/**
 * Sends spans to a collector where the environment names one, as OpenTelemetry defines it (OTEL_EXPORTER_OTLP_ENDPOINT,
 * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_SERVICE_NAME …). @returns how to stop, with what is left sent
 */
export async function exportSpans(env: NodeJS.ProcessEnv): Promise<() => Promise<void>> {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT && !env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return () => Promise.resolve()
  const [{ collectSpans }, { BatchSpanProcessor }, { OTLPTraceExporter }] = await Promise.all([
    import('./collectSpans.ts'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ])
  return collectSpans(new BatchSpanProcessor({ exporter: new OTLPTraceExporter() }), env.OTEL_SERVICE_NAME)
}
