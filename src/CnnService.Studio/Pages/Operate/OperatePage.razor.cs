using System.Globalization;
using System.Text.RegularExpressions;
using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Operate;

/// <summary>For who runs the service.</summary>
public sealed partial class OperatePage
{
    private Readiness? _ready;
    private IReadOnlyList<RunResource>? _open;
    private IReadOnlyList<ModelResource>? _models;
    private Exception? _failure;
    private bool _mayTrain;
    private bool _mayOperate;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    [Inject]
    internal Rights Rights { get; set; } = null!;

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => LoadAsync();

    private static string NameOf(string check) => check switch
    {
        "database" => "Database",
        "dataDirectory" => "Data directory",
        "disk" => "Disk",
        "torch" => "Training",
        "serving" => "Answering",
        "models" => "Models",
        _ => check,
    };

    /// <summary>Moments as people read them.</summary>
    private string Says(ReadinessCheck check) => check.Detail is { } detail
        ? Moment().Replace(detail, found => Words.Ago(
            DateTimeOffset.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture), Clock.GetUtcNow()))
        : check.Ok ? "OK" : "not OK";

    [GeneratedRegex(@"(?:at )?(\d{4}-\d\d-\d\dT[\d:.]+Z)")]
    private static partial Regex Moment();

    private async Task LoadAsync()
    {
        _failure = null;
        try
        {
            _ready = await Client.ReadyAsync();
            _open = [.. (await Client.ListRunsAsync()).Items.Where(run => !RunWords.IsOver(run))];
            _models = (await Client.ListModelsAsync()).Items;
            _mayTrain = await Rights.MayTrainAsync(CancellationToken.None);
            _mayOperate = await Rights.MayOperateAsync(CancellationToken.None);
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
        }
    }
}
