#include "outputs_at_hand.h"

#include <filesystem>
#include <system_error>

#include "client/output_contents.h"

namespace plasm::app {

namespace fs = std::filesystem;

Result<verify::OutputAtHand> ReadOutput(const std::string& argument) {
  verify::OutputAtHand output{argument, {}, {}};
  std::error_code failed;
  // A file whose own name has a "=" in it is taken for what it is.
  const auto mark = argument.find('=');
  if (mark != std::string::npos && mark > 0 && !fs::exists(argument, failed)) {
    output.name = argument.substr(0, mark);
    output.shown = argument.substr(mark + 1);
  }
  PLASM_TRY(output.contents, client::DigestOutput(output.shown));
  return output;
}

}  // namespace plasm::app
