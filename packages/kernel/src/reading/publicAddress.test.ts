import { expect, test } from 'vitest'
import { isAddressAllowed } from './publicAddress.ts'

const PUBLIC = ['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8']
const INTERNAL = ['10.1.1.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', 'fd00::1', '::ffff:10.0.0.1']
const NEVER = [
  '127.0.0.1',
  '0.0.0.0',
  '169.254.169.254',
  '224.0.0.1',
  '255.255.255.255',
  '198.18.0.1',
  '::1',
  '::',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:169.254.169.254',
  '64:ff9b::7f00:1',
  '64:ff9b::808:808',
  '2002:7f00:1::',
  '2001::1',
  '2001:db8::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'not an address',
]

test.each(PUBLIC)('%s is public', address => {
  expect([isAddressAllowed(address, 'public'), isAddressAllowed(address, 'internal')]).toEqual([true, true])
})

test.each(INTERNAL)('%s is reached only for hosts that the configuration allows', address => {
  expect([isAddressAllowed(address, 'public'), isAddressAllowed(address, 'internal')]).toEqual([false, true])
})

test.each(NEVER)('%s is reached only for a host that is written out', address => {
  expect([
    isAddressAllowed(address, 'public'),
    isAddressAllowed(address, 'internal'),
    isAddressAllowed(address, 'named'),
  ]).toEqual([false, false, true])
})
