using System.Text.Json;
using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Runs.Run;

/// <summary>What the service advises, each with its evidence and the run that follows it.</summary>
public sealed partial class RunAdviceList
{
    private IReadOnlyList<RunAdvice> _advice = [];
    private (string Id, WorkState State, int Epochs)? _asked;
    private Exception? _failure;
    private bool _isStarting;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired]
    public RunResource Run { get; set; } = null!;

    /// <summary>Epochs that have been; advice is asked for anew after each.</summary>
    [Parameter, EditorRequired]
    public int Epochs { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_asked == (Run.Id, Run.State, Epochs))
        {
            return;
        }

        _asked = (Run.Id, Run.State, Epochs);
        try
        {
            _advice = await Client.GetRunAdviceAsync(Run.Id);
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _advice = []; // It comes with the next epoch; what else is wrong the page tells.
        }
    }

    /// <summary>", about 2 min"; empty where the service does not tell.</summary>
    private static string Time(RunAdvice advice) =>
        advice.Seconds is { } seconds ? $", about {Words.Duration(TimeSpan.FromSeconds(seconds))}" : string.Empty;

    private async Task TrainAsync(JsonElement request)
    {
        (_isStarting, _failure) = (true, null);
        try
        {
            var run = await Client.TrainJsonAsync(request);
            Navigation.NavigateTo(Addresses.Run(run.Id));
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
        }
        finally
        {
            _isStarting = false;
        }
    }
}
