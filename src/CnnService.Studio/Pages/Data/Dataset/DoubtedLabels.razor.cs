using CnnService.Client;
using CnnService.Studio.Parts.Asking;
using CnnService.Studio.Parts.Models;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Data.Dataset;

/// <summary>
/// Labels that a network speaks clearly against, the most doubtful first, each taken or kept by one key. What was found stays while they
/// are gone through, though each change makes a new revision: looking anew would take the list away under the person's hands.
/// </summary>
public sealed partial class DoubtedLabels : IDisposable
{
    private const int Side = 128;

    private const int Shown = 60;

    /// <summary>As many as the service lists.</summary>
    private const int Most = 500;

    private readonly Asked<IReadOnlyList<ModelChoice>> _judges;
    private readonly Asked<HealthResource> _report;
    private ModelChoice? _judge;
    private string? _asked;
    private IReadOnlyList<DoubtedLabelResource> _left = [];
    private DoubtedLabelResource? _opened;

    public DoubtedLabels() => (_judges, _report) = (new(StateHasChanged), new(StateHasChanged));

    /// <summary>The data set.</summary>
    [Parameter, EditorRequired]
    public string Dataset { get; set; } = string.Empty;

    /// <summary>Of the data set, in their order.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Classes { get; set; } = [];

    /// <summary>Called when an image was relabelled or removed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    /// <inheritdoc />
    public void Dispose()
    {
        _judges.Dispose();
        _report.Dispose();
    }

    /// <summary>Who can judge, once it is opened: first those that come with the service, which never learned the wrong labels.</summary>
    private async Task LoadAsync()
    {
        if (_judges.IsAsking || _judges.Answer is not null)
        {
            return;
        }

        await _judges.AskAsync(async cancel =>
            [.. (await ModelChoice.ListAsync(Client, withStarts: true, cancel)).OrderBy(choice => choice.Start is null)]);
        _judge = _judges.Answer is [var first, ..] ? first : null;
    }

    private void Choose(string name) => _judge = ModelChoice.Find(_judges.Answer ?? [], name);

    private async Task AskAsync()
    {
        _asked = _judge?.Name;
        _left = [];
        await _report.AskAsync(cancel => Patience.AskAsync(
            () => Client.GetDatasetHealthAsync(Dataset, model: _asked, count: Most, cancellationToken: cancel), cancel));
        _left = [.. _report.Answer?.Labels?.Ranked.Where(label => label.IsDoubted) ?? []];
    }

    private string Says(LabelDoubtsResource told) => told.Doubted == 0
        ? $"{_asked} speaks clearly against none of the {Words.Count(told.Judged)} labels."
        : _left.Count == 0 ? "You have gone through all of them."
        : $"{_asked} speaks clearly against {Words.Count(told.Doubted)} of {Words.Count(told.Judged)} labels.";

    private Task MendedAsync()
    {
        Next();
        return Changed.InvokeAsync();
    }

    /// <summary>The one that is open is done with; the one after it is opened.</summary>
    private void Next()
    {
        var place = _left.Index().FirstOrDefault(one => one.Item == _opened).Index;
        _left = [.. _left.Where(one => one != _opened)];
        _opened = place < _left.Count ? _left[place] : null;
    }
}
