#include "quorum_report.h"

#include <utility>

#include "base/json_writer.h"
#include "cli/terminal.h"

namespace plasm::app {
namespace {

using receipt::Verdict;

std::string Standing(const verify::JudgedAnswer& answer) {
  const verify::Verification& verification = answer.verification;
  if (verification.verdict != Verdict::kValid) {
    return std::string(VerdictName(verification.verdict)) + ", " + verification.reason;
  }
  if (!answer.counts) return "does not count: " + answer.why_not;
  return answer.agrees ? "agrees" : "differs";
}

std::string NameOf(const verify::Verification& verification) {
  if (verification.node_name) return *verification.node_name;
  return verification.statement ? verification.statement->node.identity : "?";
}

}  // namespace

std::string QuorumText(const std::string& file, const verify::QuorumVerification& verification) {
  const bool valid = verification.verdict == Verdict::kValid;
  std::string text =
      Coloured(VerdictName(verification.verdict), valid ? Colour::kGreen : Colour::kRed, stdout) +
      "  " + std::string(VerdictMeaning(verification.verdict)) + "\n";
  text += "  bundle    " + file + "\n";
  if (!verification.reason.empty()) text += "  why       " + verification.reason + "\n";
  text += "  agree     " + std::to_string(verification.agreeing) + " of " +
          std::to_string(verification.answers.size()) + ", " + std::to_string(verification.agree) +
          " needed\n";
  if (verification.result) text += "  result    " + verification.result->ToHex() + "\n";
  for (const verify::JudgedAnswer& answer : verification.answers) {
    text += "  answer    " + NameOf(answer.verification) + ": " + Standing(answer) + "\n";
  }
  return text;
}

std::string QuorumJson(const std::string& file, const verify::QuorumVerification& verification) {
  JsonWriter json(JsonStyle::kPretty);
  json.BeginObject()
      .Field("verdict", VerdictName(verification.verdict))
      .Field("exit_status", VerdictExitCode(verification.verdict))
      .Field("meaning", VerdictMeaning(verification.verdict));
  if (!verification.reason.empty()) json.Field("reason", verification.reason);
  json.Field("bundle", file)
      .Field("agree", verification.agree)
      .Field("agreeing", verification.agreeing);
  if (verification.result) json.Field("result", verification.result->ToHex());
  json.Key("answers").BeginArray();
  for (const verify::JudgedAnswer& answer : verification.answers) {
    const verify::Verification& one = answer.verification;
    json.BeginObject().Field("node", NameOf(one)).Field("verdict", VerdictName(one.verdict));
    if (!one.reason.empty()) json.Field("reason", one.reason);
    if (one.statement) {
      json.Field("identity", one.statement->node.identity).Field("job_id", one.statement->job.id);
      if (one.statement->result_digest) json.Field("result", one.statement->result_digest->ToHex());
    }
    json.Field("counts", answer.counts).Field("agrees", answer.agrees);
    if (!answer.why_not.empty()) json.Field("why_not", answer.why_not);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return std::move(json).Take() + "\n";
}

}  // namespace plasm::app
