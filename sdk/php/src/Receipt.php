<?php

declare(strict_types=1);

namespace Plasm;

use Plasm\Document\LegacyReceipt;
use Plasm\Document\ReceiptV2;
use Plasm\Document\Statement;
use Plasm\Exception\MalformedException;
use Plasm\Keys\PublicKey;
use Plasm\Verify\Evidence;
use Plasm\Verify\Verification;
use Plasm\Verify\Verifier;

/**
 * A receipt of version 2, or of the first system's version 0.1, in the right form. Its getters
 * say what it says; whether that is true, verify() and Result know.
 */
final class Receipt
{
    private ?Verification $verification = null;

    private function __construct(
        private readonly string $json,
        private readonly ?string $proof,
        private readonly ?ReceiptV2 $v2,
        private readonly ?LegacyReceipt $legacy,
    ) {
    }

    /**
     * @param string|null $proof the .tlog-proof beside it
     *
     * @throws MalformedException
     */
    public static function fromJson(string $json, ?string $proof = null): self
    {
        try {
            return new self($json, $proof, ReceiptV2::parse($json), null);
        } catch (MalformedException $notV2) {
        }
        try {
            return new self($json, null, null, LegacyReceipt::parse($json));
        } catch (MalformedException $notLegacy) {
            // Which of both it was meant to be, its members tell.
            throw str_contains($json, '"payloadType"') ? $notV2 : $notLegacy;
        }
    }

    /** This receipt with what a verifier found: what verify() without a key goes by. */
    public function judged(Verification $verification): self
    {
        $judged = clone $this;
        $judged->verification = $verification;

        return $judged;
    }

    /** The bytes as they came, since these are what was signed. */
    public function toJson(): string
    {
        return $this->json;
    }

    /** The .tlog-proof, when it came with the receipt. */
    public function proof(): ?string
    {
        return $this->proof;
    }

    /**
     * Whether this key signed it. Without a key: whether it comes from a Result that was verified
     * against trusted nodes. A receipt that was only read is then false, since nobody vouches for
     * whatever key stands in it.
     *
     * @param string|null $publicKeyHex 64 hex digits: the receipt key, or the log key where the log
     *                                  signs (Statement::$isBatch)
     */
    public function verify(?string $publicKeyHex = null): bool
    {
        if ($publicKeyHex === null) {
            return $this->verification?->isValid() === true;
        }
        try {
            $key = PublicKey::fromHex($publicKeyHex);
        } catch (MalformedException) {
            return false;
        }

        return Verifier::verify(new Evidence($this->json, $this->proof, $key))->verdict->exitStatus() === 0;
    }

    /** Whether it is one of version 0.1, which binds neither input nor output. */
    public function isLegacy(): bool
    {
        return $this->legacy !== null;
    }

    /** All that a receipt v2 says; null for v0.1. */
    public function statement(): ?Statement
    {
        return $this->v2?->statement;
    }

    /** All that a receipt v0.1 says; null for v2. */
    public function legacy(): ?LegacyReceipt
    {
        return $this->legacy;
    }

    /** "0.1" and the like, or "2". */
    public function getVersion(): string
    {
        return $this->legacy->version ?? '2';
    }

    /** "sha256:" and 64 hex digits. */
    public function getModuleHash(): string
    {
        return $this->legacy->moduleHash ?? "sha256:{$this->v2?->statement->moduleDigest}";
    }

    /** 1 for a guest that did not exit by itself, as the first system had it: see status(). */
    public function getExitCode(): int
    {
        return $this->legacy->exitCode ?? $this->v2?->statement->exitCode ?? 1;
    }

    /** As in spec/receipt.md section 4: "exited", "trapped", …; a receipt v0.1 knows only "exited". */
    public function status(): string
    {
        return $this->v2?->statement->status ?? 'exited';
    }

    /** @throws \RangeException for a receipt v0.1 with a number that PHP's integers can't hold */
    public function getWallTimeMs(): int
    {
        return $this->legacy === null
            ? (int) substr((string) $this->v2?->statement->wallTimeNs, 0, -6)
            : self::toInt($this->legacy->wallTimeMs);
    }

    /**
     * When the job ended: seconds since 1970.
     *
     * @throws \RangeException as getWallTimeMs()
     */
    public function getTimestamp(): int
    {
        return $this->legacy === null
            ? intdiv($this->v2?->statement->end->milliseconds ?? 0, 1000)
            : self::toInt($this->legacy->timestamp);
    }

    /** The key that it names: in hex in version 0.1, by its fingerprint "SHA256:…" in version 2. */
    public function getNodePubkey(): string
    {
        return $this->legacy?->key->hex() ?? (string) $this->v2?->statement->key;
    }

    /** 128 hex digits; empty where the log's checkpoint is the signature. */
    public function getSignature(): string
    {
        return bin2hex($this->legacy->signature ?? $this->v2?->envelope->signature ?? '');
    }

    /** Whether it says that the guest exited with 0. */
    public function isSuccess(): bool
    {
        return $this->status() === 'exited' && $this->getExitCode() === 0;
    }

    private static function toInt(string $decimal): int
    {
        $value = (int) $decimal;

        return (string) $value === $decimal
            ? $value : throw new \RangeException("$decimal: more than PHP's integers hold; use legacy()");
    }
}
