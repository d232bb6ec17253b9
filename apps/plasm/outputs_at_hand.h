// Files and folders on this machine that are said to be a job's outputs.
#pragma once

#include <string>

#include "base/result.h"
#include "verify/output_match.h"

namespace plasm::app {

// "FILE", "FOLDER", or either behind "NAME=" (stdout, stderr or a path in the guest): reads
// it and takes its digests. Links in a folder are not followed and not looked at.
Result<verify::OutputAtHand> ReadOutput(const std::string& argument);

}  // namespace plasm::app
