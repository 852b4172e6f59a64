using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Runs.List;

/// <summary>All runs, the newest first; those under way are looked at again every few seconds.</summary>
public sealed partial class RunsPage : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ended = new();
    private List<RunResource>? _runs;
    private string? _next;
    private Exception? _failure;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    /// <inheritdoc />
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        await MoreAsync();
        _ = FollowAsync(_ended.Token); // Until the person leaves.
    }

    private static string WidthOf(RunResource run) =>
        string.Create(CultureInfo.InvariantCulture, $"width: {100 * run.Progress.Fraction:F1}%");

    private async Task MoreAsync()
    {
        _failure = null;
        try
        {
            var page = await Client.ListRunsAsync(after: _next, cancellationToken: _ended.Token);
            (_runs ??= []).AddRange(page.Items);
            _next = page.Next;
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
        }
    }

    private async Task FollowAsync(CancellationToken cancel)
    {
        try
        {
            while (_runs?.Any(run => !RunWords.IsOver(run)) == true)
            {
                await Task.Delay(Every, Clock, cancel);
                foreach (var (place, run) in _runs.Index().Where(one => !RunWords.IsOver(one.Item)).ToArray())
                {
                    _runs[place] = await Client.GetRunAsync(run.Id, cancel);
                }

                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // The person has left.
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
            StateHasChanged();
        }
    }
}
