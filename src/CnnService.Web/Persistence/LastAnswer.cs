namespace CnnService.Web.Persistence;

/// <summary>
/// The last answer of the database to one question. It is good for some seconds; then it is asked for anew, by one caller for all. Where
/// the database does not answer soon, the last answer goes on being used. Thread safe.
/// </summary>
/// <param name="ask">Asks the database. May outlive its caller.</param>
/// <param name="isKept">Whether an answer is worth keeping; else the next caller asks anew.</param>
/// <param name="absence">Of the database, known to all questions.</param>
/// <param name="clock">Ages the answer.</param>
internal sealed class LastAnswer<T>(Func<Task<T>> ask, Func<T, bool> isKept, StoreAbsence absence, TimeProvider clock)
    where T : class
{
    /// <summary>A change that another process made is seen after this.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(2);

    /// <summary>How long a caller who could use the last answer waits for a new one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    /// <summary>The same where the last answer is known to be wrong, or there is none.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();

    // Guarded by _gate.
    private T? _known;
    private long _knownAt;
    private bool _isExpired;
    private Task<T>? _asking;
    private long _askedAt;

    /// <summary>The last answer was overtaken by a change of this process: the next caller waits for a new one.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            (_isExpired, _asking) = (true, null);
        }
    }

    /// <summary>The last answer while it is fresh, else a new one; the last one too where no new one can be had soon.</summary>
    /// <param name="canDoWithout">The caller has something else to go on with: without a last answer too he does not wait long.</param>
    /// <exception cref="StoreUnavailableException">The database does not answer, and never did.</exception>
    public async Task<(T Answer, bool IsNew)> GetAsync(bool canDoWithout = false)
    {
        Task<T> asking;
        T? known;
        TimeSpan patience;
        lock (_gate)
        {
            known = _known;
            if (known is not null && (absence.IsRecent || (!_isExpired && clock.GetElapsedTime(_knownAt) < FreshFor)))
            {
                return (known, false);
            }

            asking = Ask();
            var isPatient = known is null ? !canDoWithout : _isExpired;
            patience = isPatient ? LongPatience : Patience - clock.GetElapsedTime(_askedAt);
        }

        try
        {
            return (await asking.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, clock), true);
        }
        catch (TimeoutException slow)
        {
            absence.Notice();
            return known is not null
                ? (known, false)
                : throw new StoreUnavailableException("The database does not answer; try again.", slow);
        }
        catch (StoreUnavailableException) when (known is not null)
        {
            return (known, false);
        }
    }

    /// <summary>A new answer, whatever is known.</summary>
    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    public async Task<T> AskAsync()
    {
        Task<T> asking;
        lock (_gate)
        {
            _asking = null; // What was asked before may have overlooked what the caller means.
            asking = Ask();
        }

        try
        {
            return await asking.WaitAsync(LongPatience, clock);
        }
        catch (TimeoutException slow)
        {
            absence.Notice();
            throw new StoreUnavailableException("The database does not answer; try again.", slow);
        }
    }

    /// <summary>Under the lock: what is being asked already, unless it hangs.</summary>
    private Task<T> Ask()
    {
        if (_asking is not null && clock.GetElapsedTime(_askedAt) < LongPatience)
        {
            return _asking;
        }

        var (asked, answer) = (clock.GetTimestamp(), new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously));
        (_asking, _askedAt) = (answer.Task, asked);
        _ = Task.Run(() => CompleteAsync(answer, asked));
        return answer.Task;
    }

    private async Task CompleteAsync(TaskCompletionSource<T> answer, long asked)
    {
        try
        {
            var found = await ask();
            Keep(answer.Task, found, asked);
            answer.SetResult(found);
        }
        catch (Exception failure)
        {
            if (failure is StoreUnavailableException)
            {
                absence.Notice();
            }

            Forget(answer.Task);
            answer.SetException(failure);
            _ = answer.Task.Exception; // Its callers may all have gone.
        }
    }

    /// <summary>An answer that was overtaken by a change, or by a later question, is its own callers' only.</summary>
    private void Keep(Task<T> asking, T answer, long asked)
    {
        lock (_gate)
        {
            if (_asking != asking)
            {
                return;
            }

            (_asking, _isExpired, _knownAt) = (null, false, asked);
            _known = isKept(answer) ? answer : null;
        }
    }

    private void Forget(Task<T> asking)
    {
        lock (_gate)
        {
            _asking = _asking == asking ? null : _asking;
        }
    }
}
