<?php

declare(strict_types=1);

namespace Plasm\Remote;

use Plasm\Document\JobManifest;
use Plasm\Exception\ApiException;
use Plasm\Exception\CorruptException;
use Plasm\Exception\JobFailedException;
use Plasm\Exception\PlasmException;
use Plasm\Exception\TimeoutException;
use Plasm\Http\Request;
use Plasm\Io\Spool;
use Plasm\JobTicket;
use Plasm\Log\Policy;
use Plasm\Receipt;
use Plasm\Result;
use Plasm\Transport\RunningJob;
use Plasm\Verdict;
use Plasm\Verify\Evidence;
use Plasm\Verify\Verification;
use Plasm\Verify\Verifier;

/** A job on a node. It goes on there, whatever becomes of this object. */
final class RemoteJob implements RunningJob
{
    // One request's; below what a silent connection is borne.
    private const POLL_SECONDS = 30;
    private const MAX_PROOF = 65_536;
    private const MAX_RECEIPT = 16 << 20;

    private ?JobDocument $ended = null;
    private ?Result $result = null;

    public function __construct(
        private readonly NodeSession $session,
        private readonly JobTicket $ticket,
        private readonly ?Policy $policy,
    ) {
    }

    public function id(): string
    {
        return $this->ticket->id;
    }

    public function ticket(): JobTicket
    {
        return $this->ticket;
    }

    /**
     * As the node describes it now.
     *
     * @throws PlasmException
     */
    public function describe(int $waitSeconds = 0): JobDocument
    {
        $request = new Request(
            'GET',
            "/v1/jobs/{$this->ticket->id}?wait=$waitSeconds",
            most: JobDocument::MAX_BYTES,
        );
        $job = JobDocument::parse($this->session->ask($request)->body);
        if ($job->id !== $this->ticket->id) {
            throw new CorruptException("asked for {$this->ticket->id}, the node describes {$job->id}");
        }
        $this->ended = $job->hasEnded() ? $job : null;

        return $job;
    }

    public function await(?float $seconds = null): void
    {
        $deadline = $seconds === null ? null : $this->session->clock()->now() + $seconds;
        while ($this->ended === null) {
            $left = $deadline === null ? self::POLL_SECONDS : $deadline - $this->session->clock()->now();
            if (!$this->describe((int) max(0, min(self::POLL_SECONDS, ceil($left))))->hasEnded() && $left <= 0) {
                throw new TimeoutException("{$this->ticket->id} has not ended within $seconds seconds; it goes on");
            }
        }
    }

    public function cancel(): void
    {
        $this->session->ask(new Request('POST', "/v1/jobs/{$this->ticket->id}/cancel", most: JobDocument::MAX_BYTES));
    }

    public function logs(): \Generator
    {
        return (new JobWatch($this->session, $this->ticket->id))->events();
    }

    public function result(): Result
    {
        return $this->result ??= $this->fetchResult();
    }

    /**
     * Its receipt with its verdict, without its output.
     *
     * @throws JobFailedException
     * @throws PlasmException
     */
    public function receipt(): Receipt
    {
        $receipt = $this->fetchReceipt();

        return $receipt->judged($this->verify($receipt, []));
    }

    private function fetchResult(): Result
    {
        $receipt = $this->fetchReceipt();
        $first = $this->verify($receipt, []);
        $limits = JobManifest::parse($this->ticket->manifest)->limits;
        $stdout = $this->fetchStream('stdout', (int) $limits->outputBytes);
        $stderr = $this->fetchStream('stderr', (int) $limits->outputBytes);
        // Output that came with a receipt that is refused is there for whoever asks for it by name.
        $verification = $first->isValid()
            ? $this->verify($receipt, ['stdout' => $stdout->digest(), 'stderr' => $stderr->digest()]) : $first;
        $files = new RemoteFiles(new BlobTransfer($this->session), $limits);

        return new Result($receipt->judged($verification), $verification, $stdout, $stderr, $files);
    }

    private function fetchReceipt(): Receipt
    {
        $this->await();
        if ($this->ended?->state === 'failed') {
            throw new JobFailedException("{$this->ticket->id}: the node could not run it: "
                . ($this->ended->message ?? 'it does not say why'));
        }
        $receipt = $this->session->ask(new Request('GET', $this->path('receipt'), most: self::MAX_RECEIPT));
        $proof = $this->session->ask(new Request('GET', $this->path('proof'), most: self::MAX_PROOF), [200, 404]);

        return Receipt::fromJson($receipt->body, $proof->status === 200 ? $proof->body : null);
    }

    /** @param array<string, string> $outputs digests by subject */
    private function verify(Receipt $receipt, array $outputs): Verification
    {
        $verification = $this->verdict($receipt, $outputs);
        // The node may have new keys, or a card that is valid for longer.
        if (in_array($verification->verdict, [Verdict::UnknownKey, Verdict::KeyNotValid], true)) {
            $this->session->pin()->refresh();
            $verification = $this->verdict($receipt, $outputs);
        }

        return $verification;
    }

    /** @param array<string, string> $outputs */
    private function verdict(Receipt $receipt, array $outputs): Verification
    {
        return Verifier::verify(new Evidence(
            $receipt->toJson(),
            $receipt->proof(),
            trust: $this->session->pin()->trust(),
            policy: $this->policy,
            manifest: $this->ticket->manifest,
            nonce: JobManifest::parse($this->ticket->manifest)->nonce,
            outputs: $outputs,
        ));
    }

    /** Whole or not at all: such a stream can't be taken up in its middle. */
    private function fetchStream(string $name, int $most): Spool
    {
        $patience = $this->session->patience();
        while (true) {
            try {
                $spool = new Spool();
                $request = new Request('GET', $this->path($name), most: max(1, $most));
                foreach ($this->session->follow($request)->body() as $piece) {
                    $spool->write($piece);
                }

                return $spool;
            } catch (ApiException $error) {
                $patience->pauseAfter($error, $this->session->retryAfter());
            }
        }
    }

    private function path(string $part): string
    {
        return "/v1/jobs/{$this->ticket->id}/$part";
    }
}
