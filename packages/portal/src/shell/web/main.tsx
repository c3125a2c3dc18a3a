// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has nothing to assign
import '@callboard/ui/styles.css'
import { cssVariables, theme } from '@callboard/ui/theme'
import { PortalProvider } from '@callboard/ui/Portal'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { queryClient } from './queryClient.ts'
import { readPortalInfo } from './readPortalInfo.ts'
import { router } from './router.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element with the id "root"')

const info = await readPortalInfo()
document.title = info.title

createRoot(root).render(
  <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
    <QueryClientProvider client={queryClient}>
      <PortalProvider info={info}>
        <RouterProvider router={router} />
      </PortalProvider>
    </QueryClientProvider>
  </MantineProvider>,
)
