<?php

declare(strict_types=1);

namespace Plasm\Log;

use Plasm\Encoding\Decimal;
use Plasm\Encoding\Moment;
use Plasm\Encoding\Utf8;
use Plasm\Exception\MalformedException;
use Plasm\Keys\PublicKey;

/** Whether an entry is in a log: spec/log.md section 6. Pure. */
final class LoggedEntry
{
    public const RIGHT = 'right';
    public const BAD_LOG_PROOF = 'BAD_LOG_PROOF';
    public const NOT_WITNESSED = 'NOT_WITNESSED';
    // How far a witness's clock may be ahead of this one.
    private const AHEAD_MS = 300_000;

    /**
     * @param string       $outcome   one of the above
     * @param string       $reason    what exactly is wrong; empty when right
     * @param int          $index     from here on: only unless BAD_LOG_PROOF
     * @param list<string> $witnesses those of the policy that have cosigned, by its names
     */
    private function __construct(
        public readonly string $outcome,
        public readonly string $reason,
        public readonly int $index = 0,
        public readonly int $size = 0,
        public readonly ?PublicKey $logKey = null,
        public readonly array $witnesses = [],
    ) {
    }

    /**
     * @param string          $proof the .tlog-proof
     * @param list<PublicKey> $keys  that the log may have
     * @param Moment          $now   for the times of cosignatures
     */
    public static function check(
        string $proof,
        string $entry,
        string $origin,
        array $keys,
        ?Policy $policy,
        Moment $now,
    ): self {
        $logs = array_map(
            static fn (PublicKey $key): VerifierKey => new VerifierKey($origin, VerifierKey::ED25519, $key),
            $keys,
        );
        try {
            $file = ProofFile::parse($proof);
            $signed = $file->note->signatures([...$logs, ...($policy?->witnessKeys() ?? [])]);
        } catch (MalformedException|RefusedNoteException $error) {
            return self::bad($error->getMessage());
        }
        $logKey = self::signingLog($signed, $logs, $policy);
        if ($file->checkpoint->origin !== $origin) {
            return self::bad('it is a checkpoint of ' . Utf8::quote($file->checkpoint->origin) . ', expected '
                . Utf8::quote($origin));
        }
        if ($logKey === null) {
            return self::bad('the checkpoint is not signed by a key that the log may have');
        }
        $size = $file->checkpoint->size;
        $index = Decimal::toInt($file->index);
        $root = $index === null ? null
            : Merkle::rootFromInclusion($index, $size, Merkle::leafHash($entry), $file->hashes);
        if ($index === null || $root !== $file->checkpoint->root) {
            return self::bad("the hashes do not lead from entry {$file->index} to the root of $size entries");
        }
        $cosigned = [];
        foreach ($signed as $signature) {
            if ($signature->time !== null
                && $signature->time <= intdiv($now->milliseconds + self::AHEAD_MS, 1000)) {
                $cosigned[] = $signature->by;
            }
        }
        $witnesses = $policy?->namesOf($cosigned) ?? [];
        $reached = $policy === null || $policy->isSatisfiedBy($witnesses);

        return new self(
            $reached ? self::RIGHT : self::NOT_WITNESSED,
            $reached ? '' : count($witnesses) . ' of its witnesses have cosigned, fewer than the policy demands',
            $index,
            $size,
            $logKey,
            $witnesses,
        );
    }

    /**
     * The log's key by which the note is signed; with a policy that lists logs, one of its.
     *
     * @param list<Signed>      $signed
     * @param list<VerifierKey> $logs
     */
    private static function signingLog(array $signed, array $logs, ?Policy $policy): ?PublicKey
    {
        $listed = $policy?->logs() ?? [];
        foreach ($signed as $signature) {
            if (self::isAmong($signature->by, $logs) && ($listed === [] || self::isAmong($signature->by, $listed))) {
                return $signature->by->key;
            }
        }

        return null;
    }

    /** @param list<VerifierKey> $keys */
    private static function isAmong(VerifierKey $key, array $keys): bool
    {
        foreach ($keys as $other) {
            if ($key->equals($other)) {
                return true;
            }
        }

        return false;
    }

    private static function bad(string $reason): self
    {
        return new self(self::BAD_LOG_PROOF, $reason);
    }
}
