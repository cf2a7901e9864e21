// What `bits-ui` is at a build (vite.config.ts): its parts that we use. Whole, it is a sixth of all there is to compile.
export { Combobox } from '../../../node_modules/bits-ui/dist/bits/combobox/index.js'
export { Command } from '../../../node_modules/bits-ui/dist/bits/command/index.js'
export { Dialog } from '../../../node_modules/bits-ui/dist/bits/dialog/index.js'
export { DropdownMenu } from '../../../node_modules/bits-ui/dist/bits/dropdown-menu/index.js'
export { Popover } from '../../../node_modules/bits-ui/dist/bits/popover/index.js'
export { Tooltip } from '../../../node_modules/bits-ui/dist/bits/tooltip/index.js'
