import { Button, Combobox, useCombobox } from '@mantine/core'
import { IconCheck, IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { isSame, type FacetValue } from './catalogFacets.ts'
import styles from './FacetFilter.module.css'

const MAX_SHOWN = 100

type Props = {
  label: string
  values: FacetValue[]
  chosen: string[]
  describe: (value: string) => string
  onChange: (chosen: string[]) => void
}

/** A button that opens the values of one filter, with a search field and the number of entities that have each. */
export function FacetFilter({ label, values, chosen, describe, onChange }: Props) {
  const [text, setText] = useState('')
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      setText('')
      combobox.resetSelectedOption()
      combobox.focusTarget()
    },
  })
  const isChosen = (value: string) => chosen.some(each => isSame(each, value))
  const matching = values.filter(({ value }) => `${value} ${describe(value)}`.toLowerCase().includes(text.trim().toLowerCase()))
  const first = chosen[0]
  return (
    <Combobox
      store={combobox}
      width={280}
      withinPortal={false}
      floatingStrategy="fixed"
      position="bottom-start"
      shadow="md"
      transitionProps={{ duration: 80 }}
      onOptionSubmit={value => onChange(isChosen(value) ? chosen.filter(each => !isSame(each, value)) : [...chosen, value])}
    >
      <Combobox.Target targetType="button" withAriaAttributes={false}>
        <Button
          className={styles.button}
          variant="default"
          size="sm"
          data-chosen={chosen.length > 0 || undefined}
          aria-haspopup="listbox"
          aria-expanded={combobox.dropdownOpened}
          rightSection={<IconChevronDown size={14} stroke={1.75} />}
          onClick={() => combobox.toggleDropdown()}
        >
          <span className={styles.label}>{label}</span>
          {first !== undefined && <span className={styles.value}>{describe(first)}</span>}
          {chosen.length > 1 && <span className={styles.more}>+{chosen.length - 1}</span>}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown className={styles.dropdown}>
        <Combobox.Search
          value={text}
          onChange={event => {
            setText(event.currentTarget.value)
            combobox.updateSelectedOptionIndex()
          }}
          placeholder={`Find in ${label.toLowerCase()}`}
          aria-label={`Find in ${label.toLowerCase()}`}
        />
        <Combobox.Options className={styles.options} aria-label={label} aria-multiselectable>
          {matching.slice(0, MAX_SHOWN).map(({ value, count }) => (
            <Combobox.Option
              key={value}
              value={value}
              active={isChosen(value)}
              aria-selected={isChosen(value)}
              className={styles.option}
            >
              <span className={styles.check} data-on={isChosen(value) || undefined}>
                {isChosen(value) && <IconCheck size={12} stroke={2.5} />}
              </span>
              <span className={styles.text} title={value}>
                {describe(value)}
              </span>
              <span className={styles.count}>{count}</span>
            </Combobox.Option>
          ))}
          {!matching.length && <Combobox.Empty>{values.length ? 'No value matches' : 'Nothing to choose from'}</Combobox.Empty>}
          {matching.length > MAX_SHOWN && <Combobox.Empty>Type to find one of {matching.length - MAX_SHOWN} more</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
