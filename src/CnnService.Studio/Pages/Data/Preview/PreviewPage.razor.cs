using CnnService.Client;
using CnnService.Studio.Browser;
using CnnService.Studio.Sending;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Data.Preview;

/// <summary>
/// What was dropped: on its way, then as the service would read it. One press accepts it and trains on it. The address names the upload,
/// so that the screen is found again.
/// </summary>
public sealed partial class PreviewPage : IDisposable
{
    private const string Auto = "auto";
    private const string Recipe = "quick";

    private static readonly (string Value, string Words)[] Layouts =
    [
        (Auto, "What fits"), ("folders", "A folder for each class"), ("names", "Names of the files"),
        ("table", "A table beside the images"),
        ("labelStudio", "Label Studio"), ("coco", "COCO"), ("parquet", "Parquet"), ("webDataset", "WebDataset"), ("cifar", "CIFAR"),
        ("idx", "IDX"),
    ];

    private readonly CancellationTokenSource _ended = new();
    private Transfer? _transfer;
    private UploadResource? _broken;
    private DatasetInspection? _inspection;
    private Exception? _failure;
    private EventCallback _again;
    private bool _isInspecting;
    private bool _isAccepting;
    private bool _mismatch;
    private string _name = string.Empty;
    private string _layout = Auto;

    /// <summary>The upload's id.</summary>
    [Parameter]
    public string Upload { get; set; } = string.Empty;

    /// <summary>Suggested for the data set.</summary>
    [SupplyParameterFromQuery]
    public string? Name { get; set; }

    [Inject]
    internal Transfers Transfers { get; set; } = null!;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string Heading => _inspection is null ? $"Taking in {_name}" : "Is this what you meant?";

    private string? LeadText => _inspection is not { } read ? null
        : $"{Words.Count(Total(read.Splits), "image", "images")} in {Words.Count(read.Classes.Count, "class", "classes")}, "
            + $"read from {DatasetWords.Layout(read.Layout)}.";

    private string? NameError => DatasetName.IsValid(_name) ? null : DatasetName.Rule;

    /// <inheritdoc />
    public void Dispose()
    {
        if (_transfer is not null)
        {
            _transfer.Changed -= OnTransferChanged;
        }

        _ended.Cancel();
        _ended.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        _name = Name ?? "images";
        _again = EventCallback.Factory.Create(this, LoadAsync);
        await LoadAsync();
    }

    private static long Total(SplitCounts splits) => (long)splits.Train + splits.Validation + splits.Test;

    private async Task LoadAsync()
    {
        _failure = null;
        if (Transfers.Find(Upload) is { } transfer)
        {
            Follow(transfer);
            OnTransferChanged();
            return;
        }

        await TryAsync(async () =>
        {
            var upload = await Client.GetUploadAsync(Upload, _ended.Token);
            if (upload.IsComplete)
            {
                await InspectAsync();
            }
            else
            {
                _broken = upload;
            }
        });
    }

    private void Follow(Transfer transfer)
    {
        _transfer = transfer;
        _broken = null;
        transfer.Changed += OnTransferChanged;
    }

    private void OnTransferChanged() => _ = InvokeAsync(async () =>
    {
        if (_transfer is { IsComplete: true } && _inspection is null && !_isInspecting && _failure is null)
        {
            _isInspecting = true;
            StateHasChanged();
            await TryAsync(InspectAsync);
            _isInspecting = false;
        }

        StateHasChanged();
    });

    private async Task ResumeAsync(DroppedFiles files)
    {
        _mismatch = _broken is { } upload && !Transfers.Resume(upload, files);
        if (!_mismatch && Transfers.Find(Upload) is { } transfer)
        {
            Follow(transfer);
        }
        else
        {
            await files.DisposeAsync();
        }
    }

    private async Task InspectAsync() =>
        _inspection = await Client.InspectUploadAsync(Request(), _ended.Token);

    private async Task ReadAsAsync(string layout)
    {
        (_layout, _inspection) = (layout, null);
        await TryAsync(InspectAsync);
    }

    private async Task AcceptAsync(bool isTrained)
    {
        if (NameError is not null)
        {
            return;
        }

        _isAccepting = true;
        await TryAsync(async () =>
        {
            var created = await CreateAsync();
            await Transfers.EndAsync(Upload);
            Navigation.NavigateTo(isTrained ? Addresses.DatasetThenTrain(created.Name, Recipe, Upload) : Addresses.Dataset(created.Name));
        });
        _isAccepting = false;
    }

    /// <summary>A name that is taken gets a number behind it.</summary>
    private async Task<DatasetResource> CreateAsync()
    {
        const int attempts = 50;
        var name = _name;
        for (var number = 2; ; number++)
        {
            try
            {
                return await Client.CreateDatasetFromServerAsync(Request(name), cancellationToken: _ended.Token);
            }
            catch (CnnServiceException refusal) when (refusal.Code == "dataset.exists" && number < attempts)
            {
                name = $"{_name}-{number}";
            }
        }
    }

    private DatasetRequest Request(string? name = null) =>
        new() { Name = name ?? (NameError is null ? _name : "images"), Upload = Upload, Layout = _layout };

    private async Task GiveUpAsync()
    {
        await Transfers.EndAsync(Upload);
        await TryAsync(() => Client.DeleteUploadAsync(Upload));
        Navigation.NavigateTo(Addresses.Home);
    }

    private async Task TryAsync(Func<Task> act)
    {
        _failure = null;
        try
        {
            await act();
        }
        catch (OperationCanceledException)
        {
            // The person has left.
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
        }
    }
}
