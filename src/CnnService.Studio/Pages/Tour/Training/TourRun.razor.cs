using CnnService.Client;
using CnnService.Studio.Parts.Asking;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Tour.Training;

/// <summary>A network of the tour: trained once, found again, shown when it is there.</summary>
public sealed partial class TourRun : IDisposable
{
    private readonly Asked<FoundRun> _run;

    private readonly CancellationTokenSource _gone = new();

    private bool _isAsked;

    private bool _isStarting;

    public TourRun() => _run = new(StateHasChanged);

    /// <summary>Which of the tour's networks.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = string.Empty;

    /// <summary>What the button is for.</summary>
    [Parameter]
    public string Invitation { get; set; } =
        "This step looks into a small network: four convolutional layers, trained on 600 drawn circles, squares and triangles.";

    /// <summary>The button.</summary>
    [Parameter]
    public string Button { get; set; } = "Train it now, about a minute";

    /// <summary>Whether the content is shown while the run goes on too.</summary>
    [Parameter]
    public bool IsLive { get; set; }

    /// <summary>Shown with the run.</summary>
    [Parameter, EditorRequired]
    public RenderFragment<RunResource> ChildContent { get; set; } = null!;

    [Inject]
    private CnnServiceClient Client { get; set; } = null!;

    private TourTraining Training => TourTraining.All.First(training => training.Model == Name);

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        _run.Dispose();
    }

    protected override Task OnInitializedAsync() => FindAsync();

    private bool Shows(RunResource run) => run.State == WorkState.Succeeded || (IsLive && run.State is WorkState.Running);

    private async Task FindAsync()
    {
        await _run.AskAsync(async cancel => new FoundRun(await Training.FindAsync(Client, cancel)));
        _isAsked = true;
        await FollowAsync();
    }

    private async Task StartAsync()
    {
        _isStarting = true;
        await _run.AskAsync(async cancel => new FoundRun(await Training.StartAsync(Client, cancel)));
        _isStarting = false;
        await FollowAsync();
    }

    /// <summary>Looks at the run every second until it is over.</summary>
    private async Task FollowAsync()
    {
        while (_run.Answer?.Run is { State: WorkState.Queued or WorkState.Running } run)
        {
            StateHasChanged();
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(1), Client.Clock, _gone.Token);
            }
            catch (OperationCanceledException)
            {
                return; // The step is left; the run goes on.
            }

            await _run.AskAsync(async cancel => new FoundRun(await Client.GetRunAsync(run.Id, cancel)), true);
        }

        StateHasChanged();
    }

    /// <param name="Run">Null: there is none yet.</param>
    private sealed record FoundRun(RunResource? Run);
}
