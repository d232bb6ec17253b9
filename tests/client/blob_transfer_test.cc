// Blobs in pieces, over connections that break.
#include "client/blob_transfer.h"

#include <fcntl.h>
#include <gmock/gmock.h>

#include <map>
#include <vector>

#include "base/decimal.h"
#include "base/file.h"
#include "client_fixture.h"

namespace plasm::client {
namespace {

using ::testing::HasSubstr;

std::string Pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + i / 251);
  return text;
}

class BlobTransferTest : public ClientFixture {
 protected:
  UniqueFd FileWith(const std::string& contents) {
    EXPECT_TRUE(WriteFileAtomically(folder_ / "blob", AsBytes(contents)));
    return UniqueFd(open((folder_ / "blob").c_str(), O_RDONLY | O_CLOEXEC));
  }

  // As spec/openapi.yaml has it; `take` says how many bytes of a body are taken before the
  // connection is cut.
  void ServeUploads(std::function<std::size_t(std::size_t request)> take) {
    ServeWith([this, take](net::Exchange& exchange) {
      const net::RequestHead& request = exchange.request();
      requests_.emplace_back(request.method());
      if (request.method() == "HEAD") {
        if (complete_) return Text(exchange, 200, "");
        const std::string offset = std::to_string(received_.size());
        return Text(exchange, 404, "", {{"Upload-Offset", offset}});
      }
      std::size_t left = take(requests_.size());
      const auto range = *request.Header("content-range");
      std::string first = "0";
      if (range) first = std::string(range->substr(6, range->find('-') - 6));
      EXPECT_EQ(first, std::to_string(received_.size()));
      Bytes buffer(1000);
      while (left > 0) {
        const auto count =
            exchange.ReadBody(std::span(buffer).first(std::min(left, buffer.size())));
        if (!count || *count == 0) break;
        left -= *count;
        received_ += AsText(ByteView(buffer).first(*count));
      }
      if (left == 0) {  // an answer that breaks off
        static_cast<void>(exchange.BeginStream(202, {}, 100));
        return;
      }
      complete_ = received_.size() == size_;
      const std::string offset = std::to_string(received_.size());
      Text(exchange, complete_ ? 201 : 202, "", {{"Upload-Offset", offset}});
    });
  }

  Result<void> Send(const std::string& contents, std::uint64_t piece) {
    size_ = contents.size();
    const UniqueFd fd = FileWith(contents);
    auto node = Connect();
    return Upload(node.session(), Sha256Of(AsBytes(contents)), fd.get(), contents.size(),
                  [this](std::uint64_t done, std::uint64_t) { progress_.push_back(done); },
                  {.piece_bytes = piece});
  }

  std::vector<std::string> requests_;
  std::string received_;
  bool complete_ = false;
  std::size_t size_ = 0;
  std::vector<std::uint64_t> progress_;
};

constexpr std::size_t kAll = SIZE_MAX;

TEST_F(BlobTransferTest, WhatIsThereIsNotSent) {
  complete_ = true;
  ServeUploads([](std::size_t) { return kAll; });
  ASSERT_TRUE(Send("abc", 100));
  EXPECT_EQ(requests_, std::vector<std::string>{"HEAD"});
}

TEST_F(BlobTransferTest, ASmallBlobIsOneRequest) {
  ServeUploads([](std::size_t) { return kAll; });
  ASSERT_TRUE(Send(Pattern(5000), 100'000));
  EXPECT_EQ(received_, Pattern(5000));
  EXPECT_EQ(requests_, (std::vector<std::string>{"HEAD", "PUT"}));
}

TEST_F(BlobTransferTest, AnEmptyBlobIsSentToo) {
  ServeUploads([](std::size_t) { return kAll; });
  ASSERT_TRUE(Send("", 100));
  EXPECT_TRUE(complete_);
}

TEST_F(BlobTransferTest, ALargeBlobGoesInPieces) {
  ServeUploads([](std::size_t) { return kAll; });
  ASSERT_TRUE(Send(Pattern(25'000), 10'000));
  EXPECT_EQ(received_, Pattern(25'000));
  EXPECT_EQ(requests_.size(), 4u);
  EXPECT_EQ(progress_, (std::vector<std::uint64_t>{0, 10'000, 20'000, 25'000}));
}

TEST_F(BlobTransferTest, GoesOnWhereACutConnectionLeftOff) {
  ServeUploads([](std::size_t request) { return request == 3 ? std::size_t{4000} : kAll; });
  const auto sent = Send(Pattern(25'000), 10'000);
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(received_, Pattern(25'000));
}

TEST_F(BlobTransferTest, ANodeThatNeverGetsOnIsGivenUp) {
  ServeWith([](net::Exchange& exchange) {
    const bool head = exchange.request().method() == "HEAD";
    Text(exchange, head ? 404 : 202, "", {{"Upload-Offset", "0"}});
  });
  const auto sent = Send(Pattern(5000), 1000);
  ASSERT_FALSE(sent);
  EXPECT_THAT(sent.error().message, HasSubstr("does not get on"));
}

// A server that sends the blob from where it is asked to, and cuts the connection each `most`
// bytes.
class DownloadTest : public BlobTransferTest {
 protected:
  void ServeBlob(const std::string& contents, std::size_t most) {
    ServeWith([contents, most](net::Exchange& exchange) {
      std::size_t from = 0;
      if (const auto range = *exchange.request().Header("range")) {
        from = *ParseDecimal(range->substr(6, range->size() - 7));
      }
      const std::string_view rest = std::string_view(contents).substr(from);
      if (!exchange.BeginStream(from == 0 ? 200 : 206, {}, rest.size())) return;
      if (!exchange.Write(AsBytes(rest.substr(0, most)))) return;
      if (rest.size() <= most) static_cast<void>(exchange.Finish());
    });
  }

  Result<void> Get(const Sha256Digest& digest, std::uint64_t bytes) {
    auto node = Connect();
    return Download(node.session(), digest, bytes, [this](ByteView part) -> Result<void> {
      received_ += AsText(part);
      return {};
    });
  }
};

TEST_F(DownloadTest, GoesOnWhereACutConnectionLeftOff) {
  const std::string contents = Pattern(25'000);
  ServeBlob(contents, 7000);
  const auto got = Get(Sha256Of(AsBytes(contents)), contents.size());
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(received_, contents);
}

TEST_F(DownloadTest, OtherBytesAreCorrupt) {
  ServeBlob(Pattern(5000), kAll);
  EXPECT_EQ(Get(Sha256Of(AsBytes("other")), 5000).error().code, ErrorCode::kCorrupt);
}

TEST_F(DownloadTest, MoreBytesThanExpectedAreCorrupt) {
  ServeBlob(Pattern(5000), kAll);
  EXPECT_EQ(Get(Sha256Of(AsBytes(Pattern(4000))), 4000).error().code, ErrorCode::kCorrupt);
}

TEST_F(DownloadTest, ASinkThatFailsEndsIt) {
  ServeBlob(Pattern(5000), kAll);
  auto node = Connect();
  const auto got = Download(
      node.session(), Sha256Of(AsBytes(Pattern(5000))), 5000,
      [](ByteView) -> Result<void> { return Error{ErrorCode::kUnavailable, "disk full"}; });
  EXPECT_EQ(got.error().message, "disk full");
  EXPECT_EQ(clock_.slept_ns, 0u);
}

}  // namespace
}  // namespace plasm::client
