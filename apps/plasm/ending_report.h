// How a job ended, for people, for a shell, and for programs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "receipt/statement.h"
#include "verify/verification.h"

namespace plasm::app {

// As plasmd run has them: the guest's own, or one that says what ended it.
int ExitStatusOf(const receipt::Outcome& outcome);

// Why a guest was ended; empty for one that exited.
std::string WhyEnded(const receipt::Outcome& outcome);

// "VALID (pinned, logged)".
std::string VerdictText(const verify::Verification& verification);

// "receipt  sha256:… saved to …" and "verdict  …", on a terminal's standard error.
void ShowReceipt(ByteView receipt, const std::filesystem::path& file,
                 const verify::Verification& verification);

// Members of an object that is open: how it ended, verdict and receipt.
void WriteEnding(const verify::Verification& verification, const std::filesystem::path& file,
                 JsonWriter& json);

// "<name>": text, and where it is not UTF-8 "<name>_base64" besides.
void WriteStreamField(std::string_view name, const Bytes& bytes, JsonWriter& json);

}  // namespace plasm::app
