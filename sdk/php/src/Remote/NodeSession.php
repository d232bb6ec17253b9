<?php

declare(strict_types=1);

namespace Plasm\Remote;

use Plasm\Exception\ApiException;
use Plasm\Exception\DeniedException;
use Plasm\Exception\PlasmException;
use Plasm\Http\Clock;
use Plasm\Http\Connection;
use Plasm\Http\Credentials;
use Plasm\Http\Endpoint;
use Plasm\Http\Exchange;
use Plasm\Http\Patience;
use Plasm\Http\PinMismatchException;
use Plasm\Http\Request;
use Plasm\Http\Response;
use Plasm\Http\RetryPolicy;
use Plasm\Http\SystemClock;
use Plasm\Trust\Trust;

/** Requests to one node whose identity is known, made again as long as that helps. */
final class NodeSession
{
    private const LATER = [429, 502, 503, 504];
    private const MAX_PROBLEM = 8 << 20;

    private readonly Connection $connection;
    private readonly NodePin $pin;
    private ?int $retryAfter = null;

    public function __construct(
        private readonly Endpoint $endpoint,
        Trust $trust,
        ?string $node,
        Credentials $credentials,
        private readonly RetryPolicy $retry = new RetryPolicy(),
        private readonly Clock $clock = new SystemClock(),
    ) {
        $this->connection = new Connection($endpoint, $credentials);
        $this->pin = new NodePin($trust, $node, $this->connection);
    }

    public function pin(): NodePin
    {
        return $this->pin;
    }

    public function clock(): Clock
    {
        return $this->clock;
    }

    public function patience(): Patience
    {
        return new Patience($this->retry, $this->clock);
    }

    /** What the node asked for when it last said "later", in seconds. */
    public function retryAfter(): ?int
    {
        return $this->retryAfter;
    }

    /**
     * The node's whole answer. Only for requests that may come twice: what may pass is tried again.
     *
     * @param list<int> $expected statuses; others are thrown as the node's error
     *
     * @throws PlasmException
     */
    public function ask(Request $request, array $expected = [200]): Response
    {
        $patience = $this->patience();
        while (true) {
            try {
                return $this->askOnce($request, $expected);
            } catch (ApiException $error) {
                $patience->pauseAfter($error, $this->retryAfter);
            }
        }
    }

    /**
     * The same, tried once.
     *
     * @param list<int> $expected
     *
     * @throws PlasmException
     */
    public function askOnce(Request $request, array $expected = [200]): Response
    {
        $answer = $this->open($request)->whole();

        return in_array($answer->status, $expected, true) ? $answer : throw $this->problem($answer);
    }

    /**
     * An answer with a body that is read while it comes; tried once.
     *
     * @param list<int> $expected
     *
     * @throws PlasmException
     */
    public function follow(Request $request, array $expected = [200]): Exchange
    {
        $exchange = $this->open($request);
        $head = $exchange->head();
        if (in_array($head->status, $expected, true)) {
            return $exchange;
        }
        throw $this->problem($exchange->whole());
    }

    /** Once the server has shown that it is the node; its answer has a head. */
    private function open(Request $request): Exchange
    {
        $this->retryAfter = null;
        $most = max($request->most, self::MAX_PROBLEM);
        $request = new Request(
            $request->method,
            $request->path,
            $request->headers,
            $request->body,
            $request->read,
            $request->length,
            $most,
            $request->silence,
        );
        for ($attempt = 0;; ++$attempt) {
            try {
                $keys = $this->endpoint->isTls() ? $this->pin->keys() : [];
                $exchange = $this->connection->send($request, $keys);
                $exchange->head();

                return $exchange;
            } catch (PinMismatchException $mismatch) {
                // The node may have a new key, which a newer card of its lists. Nothing was sent yet.
                if ($attempt > 0) {
                    throw new DeniedException($mismatch->getMessage() . ', which is what the newest card of '
                        . 'the node lists. Something stands between, or the node has lost its key');
                }
                $this->pin->refresh();
            }
        }
    }

    /** The error that an answer is. */
    public function problem(Response $answer): ApiException
    {
        $after = $answer->header('retry-after') ?? '';
        if (in_array($answer->status, self::LATER, true) && preg_match('/^[0-9]{1,6}$/D', $after) === 1) {
            $this->retryAfter = (int) $after;
        }

        return Problem::of($answer, $this->endpoint->shown());
    }
}
