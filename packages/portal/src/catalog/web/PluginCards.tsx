import type { View } from '@callboard/sdk/views'
import { Card } from '@callboard/ui/Card'
import { ErrorState } from '@callboard/ui/ErrorState'
import { fetchJson } from '@callboard/ui/fetchJson'
import { SkeletonLines } from '@callboard/ui/Skeleton'
import { ViewRenderer } from '@callboard/ui/ViewRenderer'
import { useQuery } from '@tanstack/react-query'
import styles from './PluginCards.module.css'

type CardItem = { id: string; title: string; plugin: string }

/** What plugins show about an entity. Each card loads, and fails, on its own. */
export function PluginCards({ entityRef }: { entityRef: string }) {
  const cards = useQuery({
    queryKey: ['shell', 'cards', entityRef],
    queryFn: ({ signal }) =>
      fetchJson<{ items: CardItem[] }>(`/api/shell/cards?${new URLSearchParams({ entityRef })}`, { signal }),
  })
  if (cards.isError) return <ErrorState error={cards.error} title="The cards of plugins could not be listed." compact />
  if (!cards.data?.items.length) return null
  return (
    <div className={styles.cards}>
      {cards.data.items.map(card => (
        <PluginCard key={card.id} card={card} entityRef={entityRef} />
      ))}
    </div>
  )
}

function PluginCard({ card, entityRef }: { card: CardItem; entityRef: string }) {
  const query = new URLSearchParams({ id: card.id, entityRef })
  const view = useQuery({
    queryKey: ['catalog', 'card', card.id, entityRef],
    queryFn: ({ signal }) => fetchJson<{ view: View }>(`/api/shell/cards/view?${query}`, { signal }),
    retry: false,
  })
  return (
    <Card title={card.title} note={<span className={styles.plugin}>{card.plugin}</span>}>
      {view.isPending && <SkeletonLines lines={4} />}
      {view.isError && !view.data && <ErrorState error={view.error} onRetry={() => void view.refetch()} compact />}
      {view.data && <ViewRenderer view={view.data.view} title={card.title} />}
    </Card>
  )
}
