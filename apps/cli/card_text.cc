#include "cli/card_text.h"

#include "crypto/public_key_text.h"

namespace plasm::app {

std::string CardText(const trust::NodeCard& card) {
  constexpr std::size_t kUseWidth = 8;
  std::string text = "card         version " + std::to_string(card.version) + ", issued " +
                     card.issued.ToString() + ", expires " + card.expires.ToString() + "\n";
  for (const trust::NodeKey& key : card.keys) {
    std::string use(trust::KeyUseName(key.use));
    use.resize(kUseWidth, ' ');
    text += "  " + use + " " + crypto::Fingerprint(key.key) + " from " + key.from.ToString() +
            " to " + key.to.ToString();
    if (!key.origin.empty()) text += " log " + key.origin;
    text += "\n";
  }
  for (const trust::RevokedKey& key : card.revoked) {
    text += "  revoked  " + crypto::Fingerprint(key.key) + " since " + key.at.ToString();
    if (key.log_size) {
      text += ", but for the log's first " + std::to_string(*key.log_size) + " receipts";
    }
    text += "\n";
  }
  return text;
}

}  // namespace plasm::app
