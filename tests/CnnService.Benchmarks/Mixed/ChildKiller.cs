using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CnnService.Benchmarks.Mixed;

/// <summary>
/// Kills the training process of the service, but never twice without an epoch between, and no run too often: that would rightly fail it.
/// </summary>
internal sealed class ChildKiller(Workbench bench, MixedTally tally)
{
    private const string Verb = "train-run";

    /// <summary>Fewer than the attempts that a run may have in all.</summary>
    private const int MaxKills = 5;

    private readonly Dictionary<string, (int Epoch, int Kills)> _killed = new(StringComparer.Ordinal);

    /// <summary>Kills it, if a run has come on since the last time.</summary>
    public async Task KillAsync()
    {
        var running = (await bench.GetAsync("runs?limit=20")).GetProperty("items").EnumerateArray()
            .FirstOrDefault(run => run.GetProperty("state").GetString() == "running");
        if (running.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var (run, epoch) = (running.GetProperty("id").GetString()!, running.GetProperty("progress").GetProperty("epoch").GetInt32());
        var known = _killed.TryGetValue(run, out var before);
        if ((known && (epoch < before.Epoch + 3 || before.Kills == MaxKills)) || FindChild() is not { } child)
        {
            return;
        }

        _killed[run] = (epoch, before.Kills + 1);
        try
        {
            using var process = Process.GetProcessById(child);
            process.Kill();
            tally.Count("killed training processes");
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It ended by itself between being found and being killed.
        }
    }

    private int? FindChild() => Directory.GetDirectories("/proc").Select(Path.GetFileName)
        .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0 && IsTraining(id)).Cast<int?>().FirstOrDefault();

    private bool IsTraining(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == bench.Service.Id.ToString(CultureInfo.InvariantCulture)
                && File.ReadAllText($"/proc/{id}/cmdline").Contains(Verb, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // It ended while it was looked at.
        }
    }
}
