/** The sign of the product: a board with three notes on it. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden style={{ flex: 'none' }}>
      <rect x="1" y="1" width="22" height="22" rx="6" fill="#0c6c8a" />
      <rect x="6" y="6.5" width="5" height="11" rx="1.2" fill="#fff" />
      <rect x="13" y="6.5" width="5" height="4.5" rx="1.2" fill="#fff" fillOpacity=".75" />
      <rect x="13" y="13" width="5" height="4.5" rx="1.2" fill="#fff" fillOpacity=".5" />
    </svg>
  )
}
