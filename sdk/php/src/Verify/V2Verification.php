<?php

declare(strict_types=1);

namespace Plasm\Verify;

use Plasm\Document\CardKey;
use Plasm\Document\Envelope;
use Plasm\Document\NodeCard;
use Plasm\Document\ReceiptV2;
use Plasm\Document\Statement;
use Plasm\Encoding\Utf8;
use Plasm\Keys\PublicKey;
use Plasm\Log\LoggedEntry;
use Plasm\Log\Policy;
use Plasm\Log\VerifierKey;
use Plasm\Trust\TrustedNode;
use Plasm\Verdict;

/**
 * One verification of a receipt v2, a method a step. The numbers are those of the table in
 * spec/receipt.md section 8; no step uses what a later one finds out.
 */
final class V2Verification
{
    private readonly Envelope $envelope;
    private readonly Statement $statement;
    private PublicKey $key;
    // From here on null when the call pins a key.
    private ?TrustedNode $node = null;
    private ?NodeCard $card = null;
    private ?CardKey $listed = null;

    private ?LoggedEntry $logged = null;
    /** @var list<string> */
    private array $notes = [];

    public function __construct(private readonly Evidence $evidence, ReceiptV2 $receipt)
    {
        $this->envelope = $receipt->envelope;
        $this->statement = $receipt->statement;
    }

    public function run(): Verification
    {
        $refusal = $this->findWhoAnswers()
            ?? $this->checkSignature()
            ?? $this->checkLog()
            ?? $this->checkNode()
            ?? Agreement::ofParts($this->statement)
            ?? $this->checkRequest()
            ?? $this->checkOutputs();
        $place = $this->logged === null || $this->statement->log === null ? null : new LogPlace(
            $this->statement->log,
            $this->logged->index,
            $this->logged->size,
            $this->logged->witnesses,
        );

        return new Verification(
            $refusal?->verdict ?? Verdict::Valid,
            $refusal?->reason ?? '',
            $this->statement,
            null,
            $this->node?->name,
            $place,
            $this->notes,
        );
    }

    /** 2 */
    private function findWhoAnswers(): ?Refusal
    {
        $named = $this->statement->key;
        if ($this->evidence->key !== null) {
            $this->key = $this->evidence->key;

            return $this->key->fingerprint() === $named ? null : new Refusal(
                Verdict::WrongKey,
                "the receipt names the key $named, given was {$this->key->fingerprint()}",
            );
        }
        $this->node = $this->evidence->trust?->byIdentity($this->statement->identity);
        if ($this->node === null) {
            return new Refusal(Verdict::UnknownKey, "no trusted node has the identity {$this->statement->identity}");
        }
        $this->card = $this->evidence->trust?->cardOf($this->node);
        if ($this->card === null) {
            return new Refusal(Verdict::UnknownKey, "no card of the trusted node {$this->node->name} was accepted");
        }
        $use = $this->statement->isBatch ? 'log' : 'receipt';
        $this->listed = $this->card->find($use, $named);
        if ($this->listed === null) {
            return new Refusal(
                Verdict::UnknownKey,
                "the card of {$this->node->name}, version {$this->card->version}, lists no $use key $named",
            );
        }
        $this->key = $this->listed->key;

        return null;
    }

    /** 3 */
    private function checkSignature(): ?Refusal
    {
        return $this->statement->isBatch || $this->envelope->isSignedBy($this->key) ? null : new Refusal(
            Verdict::BadSignature,
            "the signature is not that of {$this->statement->key}",
        );
    }

    private function policy(): ?Policy
    {
        return $this->evidence->policy
            ?? ($this->node?->level === 'witnessed' ? $this->evidence->standingPolicy : null);
    }

    private function needsProof(): bool
    {
        return $this->statement->isBatch || $this->evidence->policy !== null || $this->node?->needsProof() === true;
    }

    /** 4, 5 and 6 */
    private function checkLog(): ?Refusal
    {
        $origin = $this->statement->log;
        $keys = $origin === null ? [] : $this->logKeys($origin);
        if ($this->evidence->proof !== null && $keys === []) {
            $this->notes[] = $origin === null
                ? 'the proof was not looked at: the receipt names no log'
                : 'the proof was not looked at: nobody names a key of the log ' . Utf8::quote($origin);
        }
        if ($this->evidence->proof === null || $origin === null || $keys === []) {
            if (!$this->needsProof()) {
                return null;
            }

            return new Refusal(Verdict::NotLogged, $origin === null
                ? 'the receipt names no log' : 'there is no proof that it is in the log of its node');
        }
        $receipt = hash('sha256', $this->envelope->pae());
        $check = LoggedEntry::check(
            $this->evidence->proof,
            "urn:plasm:leaf:v1\nreceipt $receipt\n",
            $origin,
            $keys,
            $this->policy(),
            $this->evidence->now,
        );
        if ($check->outcome === LoggedEntry::BAD_LOG_PROOF) {
            return new Refusal(Verdict::BadLogProof, $check->reason);
        }
        $this->logged = $check;
        if ($check->outcome === LoggedEntry::NOT_WITNESSED) {
            return new Refusal(Verdict::NotWitnessed, $check->reason);
        }

        return $this->node?->level === 'witnessed' && $this->policy() === null ? new Refusal(
            Verdict::NotWitnessed,
            "the level of {$this->node->name} asks for witnesses, and there is no policy that names any",
        ) : null;
    }

    /**
     * Who may have signed the checkpoint of this origin, by who may say so.
     *
     * @return list<PublicKey>
     */
    private function logKeys(string $origin): array
    {
        if ($this->statement->isBatch) {
            return $this->listed === null || $this->listed->origin === $origin ? [$this->key] : [];
        }
        if ($this->card !== null) {
            return array_map(static fn (CardKey $key): PublicKey => $key->key, $this->card->logKeys($origin));
        }
        $logs = array_filter(
            $this->policy()?->logs() ?? [],
            static fn (VerifierKey $log): bool => $log->name === $origin,
        );

        return array_values(array_map(static fn (VerifierKey $log): PublicKey => $log->key, $logs));
    }

    /** 7, 8 and 9 */
    private function checkNode(): ?Refusal
    {
        if ($this->node === null || $this->card === null || $this->listed === null) {
            return null;
        }
        if ($this->node->level === 'blocked') {
            return new Refusal(Verdict::NodeBlocked, "the node {$this->node->name} is blocked here");
        }
        $end = $this->statement->end;
        if (!$this->listed->isValidAt($end)) {
            return new Refusal(Verdict::KeyNotValid, "the key is valid from {$this->listed->from->toString()} to "
                . "{$this->listed->to->toString()}, the job ended at {$end->toString()}");
        }
        if ($end->milliseconds > $this->card->expires->milliseconds) {
            return new Refusal(Verdict::KeyNotValid, "the card of {$this->node->name} expired at "
                . "{$this->card->expires->toString()}: a newer one is needed");
        }
        $revocations = new Revocations($this->node, $this->card);
        if ($revocations->isRevoked($this->listed, $this->logged)) {
            return new Refusal(Verdict::KeyRevoked, "the key {$this->statement->key} is revoked");
        }
        $logKey = $this->logged?->logKey;

        return $this->needsProof() && $logKey !== null && $revocations->isNamed($logKey)
            ? new Refusal(Verdict::KeyRevoked, "the key of the log, {$logKey->fingerprint()}, is revoked") : null;
    }

    /** 11 and 12 */
    private function checkRequest(): ?Refusal
    {
        $nonce = $this->statement->nonce;
        if ($this->evidence->manifest !== null) {
            $refusal = Agreement::withManifest($this->statement, $this->evidence->manifest);
            if ($refusal !== null) {
                return $refusal;
            }
        }
        if ($this->evidence->nonce !== null && $nonce !== $this->evidence->nonce) {
            return new Refusal(Verdict::WrongJob, 'it answers a request with '
                . ($nonce === null ? 'no nonce' : 'another nonce'));
        }
        $notAfter = $this->statement->notAfter;

        return $notAfter !== null && $this->statement->start->milliseconds > $notAfter->milliseconds
            ? new Refusal(Verdict::TooLate, "started at {$this->statement->start->toString()}, after "
                . $notAfter->toString()) : null;
    }

    /** 13 */
    private function checkOutputs(): ?Refusal
    {
        foreach ($this->evidence->outputs as $name => $digest) {
            $subject = $this->statement->subjects[$name] ?? null;
            if ($subject !== $digest) {
                return new Refusal(Verdict::WrongOutput, Utf8::quote((string) $name) . ($subject === null
                    ? ' is no output of this receipt' : " has the digest $digest, the receipt names $subject"));
            }
        }

        return null;
    }
}
