// What ran the job, as receipts and replays name it.
#pragma once

#include <string_view>

#include "receipt/statement.h"
#include "worker/supervisor/artefact_cache.h"

namespace plasm::execution {

// `engine_version` as in "48.0.8".
receipt::Runtime RuntimeOf(std::string_view engine_version, worker::Target target,
                           receipt::Profile profile);

// This machine's, as in "x86_64".
std::string_view MachineArch();

}  // namespace plasm::execution
