using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Home;

/// <summary>What the machine has: a GPU or not, room, a queue. Says nothing where the service does not.</summary>
public sealed partial class MachineFacts
{
    private const string Gpu = "cuda";

    private (string Device, string Disk, string Queue)? _facts;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        try
        {
            var ready = await Client.ReadyAsync();
            var runs = await Client.ListRunsAsync();
            _facts = (Device(ready), Disk(ready), Words.Count(runs.Items.Count(run => run.State is WorkState.Queued)));
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _facts = null; // What else is on the screen tells what is wrong.
        }
    }

    private static string Device(Readiness ready) => Find(ready, "torch")?.Detail is { } detail
        ? detail.Contains(Gpu, StringComparison.OrdinalIgnoreCase) ? "a GPU" : "the processor"
        : "other machines";

    private static string Disk(Readiness ready) => Find(ready, "disk") is { Ok: false, Detail: { } full } ? full : "enough room";

    private static ReadinessCheck? Find(Readiness ready, string name) => ready.Checks.FirstOrDefault(check => check.Name == name);
}
