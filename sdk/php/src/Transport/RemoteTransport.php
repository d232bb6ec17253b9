<?php

declare(strict_types=1);

namespace Plasm\Transport;

use Plasm\Document\JobManifest;
use Plasm\Document\NodeCard;
use Plasm\Exception\ConflictException;
use Plasm\Exception\DeniedException;
use Plasm\Exception\PlasmException;
use Plasm\Exception\UnavailableException;
use Plasm\Http\Clock;
use Plasm\Http\Credentials;
use Plasm\Http\Endpoint;
use Plasm\Http\Request;
use Plasm\Http\RetryPolicy;
use Plasm\Http\SystemClock;
use Plasm\JobOrder;
use Plasm\JobTicket;
use Plasm\Log\Policy;
use Plasm\Manifest;
use Plasm\Remote\BlobTransfer;
use Plasm\Remote\JobDocument;
use Plasm\Remote\JobPlan;
use Plasm\Remote\NodeSession;
use Plasm\Remote\RemoteJob;
use Plasm\Result;
use Plasm\Trust\Trust;

/** Runs jobs on a node, over HTTPS or on its Unix socket (spec/openapi.yaml). */
final class RemoteTransport implements TransportInterface
{
    private readonly NodeSession $session;

    /**
     * @param string      $url    https://HOST[:PORT], or unix:/PATH
     * @param Trust       $trust  who the node may be, and whose receipts count
     * @param string|null $node   its name there; null: the only one, or the one that the server proves to be
     * @param Policy|null $policy demanded of every receipt
     *
     * @throws PlasmException for a URL, a node or a combination that can't be
     */
    public function __construct(
        string $url,
        Trust $trust,
        ?Credentials $credentials = null,
        ?string $node = null,
        private readonly ?Policy $policy = null,
        RetryPolicy $retry = new RetryPolicy(),
        Clock $clock = new SystemClock(),
    ) {
        $credentials ??= Credentials::none();
        $this->session = new NodeSession(Endpoint::parse($url), $trust, $node, $credentials, $retry, $clock);
    }

    public function execute(string $wasmPath, Manifest $manifest, ?string $input = null): Result
    {
        $options = JobOrder::optionsOf($manifest) + ($input === null ? [] : ['stdin' => $input]);

        return $this->start(JobOrder::fromOptions($wasmPath, $options))->result();
    }

    /** The node has the job on its disk on return. It is sent again as long as that helps, and runs once. */
    public function start(JobOrder $order): RemoteJob
    {
        $plan = JobPlan::of($order);
        $blobs = new BlobTransfer($this->session);
        $headers = ['Content-Type' => JobManifest::MEDIA_TYPE, 'Plasm-Job-Id' => $order->jobId];
        if ($order->idempotencyKey !== null) {
            $headers['Idempotency-Key'] = $order->idempotencyKey;
        }
        $request = new Request('POST', '/v1/jobs', $headers, $plan->manifest, most: JobDocument::MAX_BYTES);
        $sent = [];
        while (true) {
            try {
                $job = JobDocument::parse($this->session->ask($request, [200, 201])->body);

                return $this->resume(new JobTicket($job->id, $plan->manifest));
            } catch (ConflictException $conflict) {
                if ($conflict->missing === []) {
                    throw $conflict;
                }
            }
            // More than once, since a node learns of a folder's files only from the text that lists them.
            foreach ($conflict->missing as $digest) {
                if (!$plan->hasBlob($digest)) {
                    throw new DeniedException("the node asks for the blob $digest, which the job does not refer to: "
                        . 'it is not sent');
                }
                if (isset($sent[$digest])) {
                    throw new UnavailableException("the node asks for the blob $digest again, which it has taken");
                }
                $sent[$digest] = true;
                [$from, $bytes] = $plan->openBlob($digest);
                $blobs->upload($digest, $from, $bytes);
            }
        }
    }

    /** A job that was begun before, maybe by another process. */
    public function resume(JobTicket $ticket): RemoteJob
    {
        return new RemoteJob($this->session, $ticket, $this->policy);
    }

    /** The node alone, with the newest card that was accepted: what to keep for next time. */
    public function trust(): Trust
    {
        return $this->session->pin()->trust();
    }

    /** The node's card; asks for it where none is known. */
    public function card(): NodeCard
    {
        for ($attempt = 0;; ++$attempt) {
            $node = $this->trust()->nodes()[0] ?? null;
            $card = $node === null || count($this->trust()->nodes()) > 1 ? null : $this->trust()->cardOf($node);
            if ($card !== null || $attempt > 0) {
                return $card ?? throw new DeniedException('the node has shown no card');
            }
            $this->session->pin()->refresh();
        }
    }
}
