// The names that stand in signed notes: of keys, and of the logs that the keys belong to. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace plasm {

inline constexpr std::size_t kMaxKeyNameBytes = 255;

// Whether a signature line can carry it (C2SP signed-note): UTF-8, not empty, without plus,
// white space of any kind and the controls of ASCII below the blank. Its size is free, as in
// other people's notes; our own readers allow a key that is to be known kMaxKeyNameBytes.
bool IsKeyName(std::string_view text);

// Whether a log may have this origin (spec/log.md section 1.1): a key name of at most
// kMaxKeyNameBytes that has no control characters at all.
bool IsLogOrigin(std::string_view text);

}  // namespace plasm
