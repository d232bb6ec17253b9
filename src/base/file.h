// Whole files: read with a limit, written so that a reader sees all of it or none.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm {

// The bytes of the file, up to max_bytes; kLimitExceeded beyond. Follows symbolic links and
// reads pipes and devices to their end. Errors name the path.
Result<Bytes> ReadFile(const std::filesystem::path& path, std::size_t max_bytes);

// The same; nothing when there is no such file.
Result<std::optional<Bytes>> ReadIfThere(const std::filesystem::path& path, std::size_t max_bytes);

// The same for a descriptor, from its current position; `name` stands in errors.
Result<Bytes> ReadDescriptor(int fd, std::string_view name, std::size_t max_bytes);

// Writes every byte, however many calls it takes. Blocks. `name` stands in errors.
Result<void> WriteAll(int fd, ByteView bytes, std::string_view name);

enum class IfExists { kReplace, kRefuse };
enum class Durability { kBuffered, kSynced };

struct WriteOptions {
  mode_t mode = 0644;  // exactly this, whatever the umask
  IfExists if_exists = IfExists::kReplace;
  Durability durability = Durability::kSynced;
};

// Makes `path` hold exactly these bytes, or leaves it as it was: they are written to a
// temporary file beside it, which then takes its name. kConflict if it exists and is not to
// be replaced, also when another process was quicker. With kSynced, durable on return:
// survives power loss. A crash may leave a temporary file named ".<name>.??????".
Result<void> WriteFileAtomically(const std::filesystem::path& path, ByteView bytes,
                                 const WriteOptions& options = {});

// Creates the folder and those above it that are missing, with exactly `mode`; existing
// folders stay as they are.
Result<void> CreateFolders(const std::filesystem::path& path, mode_t mode);

}  // namespace plasm
