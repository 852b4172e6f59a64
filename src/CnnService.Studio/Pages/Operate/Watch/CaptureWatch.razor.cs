using System.Net;
using CnnService.Client;
using CnnService.Studio.Parts.Asking;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Operate.Watch;

/// <summary>Whether what callers send is still like the images that a model was trained on; and images of theirs, to be labelled.</summary>
public sealed partial class CaptureWatch : IDisposable
{
    private const int Side = 128;

    private const int Shown = 24;

    private const int MostLabels = 6;

    /// <summary>A week: days of few calls tell nothing alone.</summary>
    private const int Hours = 168;

    private const double KeptShare = 0.1;

    private readonly ServiceAction _action = new();
    private readonly Asked<Watched> _state;

    public CaptureWatch() => _state = new(StateHasChanged);

    /// <summary>The model.</summary>
    [Parameter, EditorRequired]
    public ModelResource Model { get; set; } = null!;

    /// <summary>Whether the person may decide what is kept.</summary>
    [Parameter]
    public bool MayChange { get; set; }

    /// <summary>Whether the person may see and label what is kept.</summary>
    [Parameter]
    public bool MayLabel { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose() => _state.Dispose();

    private string? DatasetOf(CapturedResource image) =>
        Model.Versions.FirstOrDefault(version => version.Version == image.Version)?.Origin?.Dataset;

    private Task LoadAsync() => _state.AskAsync(
        async cancel =>
        {
            if (await FindAsync(cancel) is not { } capture)
            {
                return new Watched(null, null, []);
            }

            var drift = await DriftAsync(cancel);
            var kept = MayLabel
                ? (await Client.ListCapturedAsync(Model.Name, sort: "uncertainty", limit: Shown, cancellationToken: cancel)).Items : [];
            return new Watched(capture, drift, kept);
        },
        keeps: true);

    private async Task<CaptureResource?> FindAsync(CancellationToken cancel)
    {
        try
        {
            return await Client.GetCaptureAsync(Model.Name, cancel);
        }
        catch (CnnServiceException none) when (none.StatusCode == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Null where there is nothing to compare with: imported versions have no validation images.</summary>
    private async Task<DriftResource?> DriftAsync(CancellationToken cancel)
    {
        try
        {
            return await Patience.AskAsync(() => Client.GetDriftAsync(Model.Name, hours: Hours, cancellationToken: cancel), cancel);
        }
        catch (CnnServiceException nothing) when (
            nothing.StatusCode is (int)HttpStatusCode.UnprocessableEntity or (int)HttpStatusCode.Conflict)
        {
            return null;
        }
    }

    private Task CaptureAsync(double share) => ActAsync(() => Client.SetCaptureAsync(Model.Name, new CaptureRequest { Share = share }));

    private Task StopAsync() => ActAsync(() => Client.EndCaptureAsync(Model.Name));

    private Task LabelAsync(CapturedResource image, string dataset, string name) => ActAsync(
        () => Client.LabelCapturedAsync(Model.Name, image.Id, new LabelRequest { Dataset = dataset, Class = name }));

    private Task ActAsync(Func<Task> act) => _action.RunAsync(async () =>
    {
        await act();
        await LoadAsync();
    });

    /// <param name="Capture">Null: nothing is counted.</param>
    /// <param name="Drift">Null: there is nothing to compare with.</param>
    /// <param name="Kept">Images of callers.</param>
    private sealed record Watched(CaptureResource? Capture, DriftResource? Drift, IReadOnlyList<CapturedResource> Kept);
}
