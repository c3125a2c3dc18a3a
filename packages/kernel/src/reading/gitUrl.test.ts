import { describe, expect, test } from 'vitest'
import { editUrl, parseGitUrl, repositoryOf, resolveUrl, sourceLocation } from './gitUrl.ts'
import { toRawRequest } from './rawRequest.ts'

const GITHUB = 'https://github.com/acme/shop/blob/main/docs/a.md'
const GITLAB = 'https://gitlab.com/acme/team/shop/-/blob/main/docs/a.md'
const COMMIT = '0123456789abcdef0123456789abcdef01234567'

describe('requests for the raw file', () => {
  test.each([
    [GITHUB, 'https://raw.githubusercontent.com/acme/shop/main/docs/a.md'],
    ['https://github.com/acme/shop/raw/main/a%20b.md?plain=1#L3', 'https://raw.githubusercontent.com/acme/shop/main/a%20b.md'],
    [GITLAB, 'https://gitlab.com/api/v4/projects/acme%2Fteam%2Fshop/repository/files/docs%2Fa.md/raw?ref=main'],
    [
      'https://gitlab.com/acme/shop/blob/v1%2F2/a.md',
      'https://gitlab.com/api/v4/projects/acme%2Fshop/repository/files/a.md/raw?ref=v1%2F2',
    ],
  ])('without a token: %s', (url, raw) => {
    expect(toRawRequest(url, { github: [], gitlab: [] })).toEqual({ url: raw, headers: {} })
  })

  const integrations = {
    github: [
      { host: 'github.com', token: 'one' },
      { host: 'ghe.acme', token: 'two' },
      { host: 'raw.acme', rawBaseUrl: 'https://raw.acme/raw' },
      { host: 'api.acme', apiBaseUrl: 'https://api.acme/rest' },
    ],
    gitlab: [
      { host: 'gl.acme', token: 'three' },
      { host: 'below.acme', token: 'four', baseUrl: 'https://below.acme/gitlab' },
    ],
  }
  const accept = 'application/vnd.github.v3.raw'

  test.each([
    [GITHUB, 'https://api.github.com/repos/acme/shop/contents/docs/a.md?ref=main', { accept, authorization: 'Bearer one' }],
    [
      'https://ghe.acme/o/r/tree/main/a.md',
      'https://ghe.acme/api/v3/repos/o/r/contents/a.md?ref=main',
      { accept, authorization: 'Bearer two' },
    ],
    ['https://raw.acme/o/r/blob/main/a.md', 'https://raw.acme/raw/o/r/main/a.md', {}],
    ['https://api.acme/o/r/blob/main/a.md', 'https://api.acme/rest/repos/o/r/contents/a.md?ref=main', { accept }],
    [
      'https://gl.acme/g/p/-/raw/main/a/b.md',
      'https://gl.acme/api/v4/projects/g%2Fp/repository/files/a%2Fb.md/raw?ref=main',
      { 'private-token': 'three' },
    ],
    [
      'https://below.acme/gitlab/g/p/-/blob/main/a.md',
      'https://below.acme/gitlab/api/v4/projects/g%2Fp/repository/files/a.md/raw?ref=main',
      { 'private-token': 'four' },
    ],
  ])('with integrations: %s', (url, raw, headers) => {
    expect(toRawRequest(url, integrations)).toMatchObject({ url: raw, headers })
  })

  test.each([
    'https://github.com/acme/shop',
    'https://github.com/acme/shop/releases/download/v1/a.yaml',
    'https://github.com/a%2Fb/c/blob/main/a.md',
    'https://github.com.evil.example/acme/shop/blob/main/a.md',
    'https://other.example/acme/shop/blob/main/a.md',
    'https://raw.githubusercontent.com/acme/shop/main/a.md',
  ])('no token is sent for %s', url => {
    expect(toRawRequest(url, integrations)).toEqual({ url, headers: {} })
  })
})

test.each([
  ['b.md', GITHUB, 'https://github.com/acme/shop/blob/main/docs/b.md'],
  ['../b.md', GITHUB, 'https://github.com/acme/shop/blob/main/b.md'],
  ['/b.md', GITHUB, 'https://github.com/acme/shop/blob/main/b.md'],
  ['/../../../x/b.md', 'https://github.com/acme/shop/blob/main/', 'https://github.com/acme/x/b.md'],
  ['/b.md', 'https://github.com/acme/shop/tree/main', 'https://github.com/acme/shop/tree/main/b.md'],
  ['/x/b.md', GITLAB, 'https://gitlab.com/acme/team/shop/-/blob/main/x/b.md'],
  [
    '/b.md',
    'https://raw.githubusercontent.com/acme/shop/main/docs/a.md',
    'https://raw.githubusercontent.com/acme/shop/main/b.md',
  ],
  ['https://other.example/b.md', GITHUB, 'https://other.example/b.md'],
  ['//other.example/b.md', GITHUB, 'https://other.example/b.md'],
  ['/b.md', 'https://plain.example/docs/a.md', 'https://plain.example/b.md'],
  ['b.md', 'file:///srv/docs/a.md', 'file:///srv/docs/b.md'],
])('%s resolves from %s to %s', (relative, base, resolved) => {
  expect(resolveUrl(relative, base)).toBe(resolved)
})

test('a file has a page to edit it, unless the URL is of a commit', () => {
  expect([GITHUB, GITLAB, 'https://plain.example/a.md', `https://github.com/acme/shop/blob/${COMMIT}/a.md`].map(editUrl)).toEqual(
    [
      'https://github.com/acme/shop/edit/main/docs/a.md',
      'https://gitlab.com/acme/team/shop/-/edit/main/docs/a.md',
      'https://plain.example/a.md',
      undefined,
    ],
  )
})

test('the source location is the folder of the file', () => {
  const urls = [GITHUB, GITLAB, 'https://github.com/acme/shop/blob/main/a.md', 'https://plain.example/docs/a.md']
  expect(urls.map(sourceLocation)).toEqual([
    'https://github.com/acme/shop/tree/main/docs/',
    'https://gitlab.com/acme/team/shop/-/tree/main/docs/',
    'https://github.com/acme/shop/tree/main/',
    'https://plain.example/docs/',
  ])
})

const AZURE = 'https://dev.azure.com/acme/shop/_git/api?path=/docs/a.md&version=GBmain'
const SERVER = 'https://bb.acme/projects/SHOP/repos/api/browse/docs/a.md?at=main'
const GITEA = 'https://tea.acme/acme/shop/src/branch/main/docs/a.md'
const CLOUD = 'https://bitbucket.org/acme/shop/src/main/docs/a.md'
const GERRIT = 'https://review.acme/shop/+/refs/heads/main/docs/a.md'

test.each([
  [
    AZURE,
    'https://dev.azure.com/acme/shop/_apis/git/repositories/api/items?path=%2Fdocs%2Fa.md&versionDescriptor.version=main&versionDescriptor.versionType=branch&api-version=6.0',
  ],
  [SERVER, 'https://bb.acme/rest/api/1.0/projects/SHOP/repos/api/raw/docs/a.md?at=main'],
  [GITEA, 'https://tea.acme/api/v1/repos/acme/shop/raw/docs/a.md?ref=main'],
  [CLOUD, 'https://api.bitbucket.org/2.0/repositories/acme/shop/src/main/docs/a.md'],
  [GERRIT, 'https://review.acme/shop/+/refs/heads/main/docs/a.md?format=TEXT'],
])('the raw file of %s is asked from its API', (url, raw) => {
  const hosts = { bitbucketServer: [{ host: 'bb.acme' }], gitea: [{ host: 'tea.acme' }], gerrit: [{ host: 'review.acme' }] }
  expect(toRawRequest(url, { github: [], gitlab: [], ...hosts }).url).toBe(raw)
})

test.each([
  [AZURE, 'https://dev.azure.com/acme/shop/_git/api?path=/b.md&version=GBmain'],
  [SERVER, 'https://bb.acme/projects/SHOP/repos/api/browse/b.md?at=main'],
  [GITEA, 'https://tea.acme/acme/shop/src/branch/main/b.md'],
  [CLOUD, 'https://bitbucket.org/acme/shop/src/main/b.md'],
  [GERRIT, 'https://review.acme/shop/+/refs/heads/main/b.md'],
])('/b.md and ../b.md resolve within the repository of %s', (base, resolved) => {
  expect(['/b.md', '../b.md'].map(relative => resolveUrl(relative, base))).toEqual([resolved, resolved])
})

test('files of one repository are told from those of another', () => {
  const raw = 'https://raw.githubusercontent.com/acme/shop/refs/heads/main/x.md'
  expect([GITHUB, raw, GITLAB, 'https://plain.example/a.md', 'no url'].map(repositoryOf)).toEqual([
    'https://github.com/acme/shop',
    'https://github.com/acme/shop',
    'https://gitlab.com/acme/team/shop',
    undefined,
    undefined,
  ])
  expect(parseGitUrl('https://github.com/o/blob/blob/main/x')?.repository).toBe('o/blob')
})
