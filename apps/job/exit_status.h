// What plasmd's exit status means beyond the guest's own 0 to 255. As `timeout` and `env`
// have it below 128, and as a shell reports signals above.
#pragma once

namespace plasm::app {

enum ExitStatus : int {
  kExitOk = 0,
  kExitVerdict = 1,  // verify-receipt: anything but a valid receipt by a trusted key
  kExitUsage = 2,
  kExitTimedOut = 124,
  kExitNodeFailed = 125,  // plasmd itself could not do it
  kExitModuleBad = 126,   // the module cannot be run
  kExitModuleMissing = 127,
  kExitTrapped = 134,      // 128 + SIGABRT
  kExitOutOfFuel = 152,    // 128 + SIGXCPU
  kExitOutputLimit = 153,  // 128 + SIGXFSZ
  // A job that was cancelled: 128 + the signal, as in 130 for SIGINT and 143 for SIGTERM.
  kExitSignalled = 128,
};

}  // namespace plasm::app
