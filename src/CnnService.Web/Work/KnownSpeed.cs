using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Work;

/// <summary>
/// How fast this machine trains and serves: timed once, in a process of its own, and kept in the data directory; timed again where the
/// machine was busy then and is less so now, and where the file was deleted. Thread safe.
/// </summary>
/// <param name="folders">Where it is kept.</param>
/// <param name="measure">Times the machine; null where that failed.</param>
/// <param name="clock">The clock.</param>
/// <param name="load">The load of a core.</param>
internal sealed class KnownSpeed(
    DataFolders folders, Func<CancellationToken, Task<MachineSpeed?>> measure, TimeProvider clock, Func<double> load) : IDisposable
{
    private const string LoadFile = "/proc/loadavg";

    /// <summary>A load for each core above which others slow the machine down.</summary>
    private const double BusyLoad = 1.2;

    /// <summary>How long a caller waits: it takes some seconds, and as many minutes on a machine that is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>After a timing has begun, the time for which none is begun again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private MachineSpeed? _known;

    // Guarded by _gate.
    private Task<MachineSpeed?>? _timing;
    private long _begun;

    /// <summary>What is known already; null: it has not been timed.</summary>
    public MachineSpeed? Find() => _known ??= Read();

    /// <summary>
    /// The measured speed; times it where that has not been done. Where it was timed on a busier machine, a new timing begins and the old
    /// one is given. A typical one where it cannot be timed, or takes longer than a caller should wait.
    /// </summary>
    public async Task<MachineSpeed> GetAsync(CancellationToken cancel)
    {
        if (Find() is not { } known)
        {
            return await GetCurrentAsync(cancel);
        }

        if (IsToBeTimedAgain(known.Load, load()))
        {
            _ = TimedAsync(); // For those who ask later.
        }

        return known;
    }

    /// <summary>As <see cref="GetAsync"/>, but waits for a new timing too where one is due.</summary>
    public async Task<MachineSpeed> GetCurrentAsync(CancellationToken cancel)
    {
        var known = Find();
        if (known is not null && !IsToBeTimedAgain(known.Load, load()))
        {
            return known;
        }

        MachineSpeed? timed = null;
        try
        {
            timed = await TimedAsync().WaitAsync(Patience, clock, cancel);
        }
        catch (TimeoutException)
        {
            // It goes on, for those who ask later.
        }

        return timed ?? known ?? MachineSpeed.Typical(Environment.ProcessorCount);
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    /// <summary>The timing under way or a new one, which outlives who asked for it; the last one, if it is not long ago.</summary>
    private Task<MachineSpeed?> TimedAsync()
    {
        lock (_gate)
        {
            if (_timing is not { } last || (last.IsCompleted && clock.GetElapsedTime(_begun) >= Pause))
            {
                (_begun, _timing) = (clock.GetTimestamp(), Task.Run(() => TimeAsync(load(), _ending.Token), CancellationToken.None));
            }

            return _timing;
        }
    }

    private async Task<MachineSpeed?> TimeAsync(double then, CancellationToken ending)
    {
        if (await measure(ending) is not { } measured)
        {
            return null;
        }

        _known = measured with { Load = Math.Round(then, 2) };
        try
        {
            DurableFile.Write(folders.Speed, JsonSerializer.SerializeToUtf8Bytes(_known, CoreJson.Indented));
        }
        catch (IOException)
        {
            // Without room for it, it is known until this process ends.
        }

        return _known;
    }

    /// <summary>Whether what was measured under a load says too little, and would say more under the present one.</summary>
    internal static bool IsToBeTimedAgain(double then, double now) => then > BusyLoad && now < then * 0.75;

    /// <summary>The load average of the last minute for each core; 0 where the system does not tell.</summary>
    internal static double LoadNow() => File.Exists(LoadFile)
        && double.TryParse(File.ReadAllText(LoadFile).Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var average)
            ? average / Environment.ProcessorCount
            : 0;

    /// <summary>Null where there is no file, or it does not read: it is then timed again.</summary>
    private MachineSpeed? Read()
    {
        try
        {
            return File.Exists(folders.Speed)
                ? JsonSerializer.Deserialize<MachineSpeed>(RegularFile.ReadAllBytes(folders.Speed), CoreJson.Options)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
