namespace CnnService.Core.Visualization;

/// <summary>
/// One computation for all who ask for the same thing at the same time. It goes on until it is done, or until nobody waits
/// for it any more: then it is cancelled. Thread safe.
/// </summary>
internal sealed class SingleFlight<T>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal); // Guarded by _gate.

    /// <param name="key">Equal keys stand for equal results.</param>
    /// <param name="compute">Runs on the thread pool; the token is cancelled when nobody waits any more.</param>
    /// <param name="cancel">Ends this caller's waiting only.</param>
    public async Task<T> RunAsync(string key, Func<CancellationToken, Task<T>> compute, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var flight = Board(key, compute);
        try
        {
            return await flight.Result.WaitAsync(cancel);
        }
        finally
        {
            Leave(key, flight);
        }
    }

    private Flight Board(string key, Func<CancellationToken, Task<T>> compute)
    {
        lock (_gate)
        {
            if (!_flights.TryGetValue(key, out var flight))
            {
                _flights[key] = flight = new Flight(compute);
            }

            flight.Waiting++;
            return flight;
        }
    }

    private void Leave(string key, Flight flight)
    {
        lock (_gate)
        {
            if (--flight.Waiting > 0)
            {
                return;
            }

            _flights.Remove(key); // Whoever comes now starts anew: this one is done, or about to be cancelled.
        }

        flight.Dispose();
    }

    private sealed class Flight : IDisposable
    {
        private readonly CancellationTokenSource _abandoned = new();

        public Flight(Func<CancellationToken, Task<T>> compute)
        {
            var token = _abandoned.Token;
            Result = Task.Run(() => compute(token), CancellationToken.None);
        }

        public Task<T> Result { get; }

        public int Waiting { get; set; }

        /// <summary>Cancels what still runs; the source goes once that has ended.</summary>
        public void Dispose()
        {
            if (Result.IsCompleted)
            {
                _abandoned.Dispose();
                return;
            }

            _abandoned.Cancel();
            _ = Result.ContinueWith(
                ended =>
                {
                    _ = ended.Exception; // Nobody is left to hear of a failure.
                    _abandoned.Dispose();
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }
}
