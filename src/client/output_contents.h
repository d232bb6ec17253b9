// Files and folders on this machine that are said to be a job's outputs.
#pragma once

#include <filesystem>
#include <variant>

#include "base/result.h"
#include "verify/output_match.h"

namespace plasm::client {

// The digest of a file, or of each regular file in a folder: links there are not followed and not
// looked at.
Result<std::variant<Sha256Digest, verify::FolderDigests>> DigestOutput(
    const std::filesystem::path& path);

}  // namespace plasm::client
