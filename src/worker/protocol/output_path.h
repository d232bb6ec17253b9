// Which paths a worker may name when it brings outputs back: guests choose them.
#pragma once

#include <string_view>

namespace plasm::worker {

// Empty (the output itself), or relative with plain components: no "..", ".", empty ones or
// control characters, UTF-8, of bounded length.
bool IsSafeOutputPath(std::string_view path);

}  // namespace plasm::worker
