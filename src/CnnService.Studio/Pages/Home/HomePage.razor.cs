using CnnService.Client;
using CnnService.Studio.Browser;
using CnnService.Studio.Sending;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Home;

/// <summary>Where everything begins: one place to drop images.</summary>
public sealed partial class HomePage
{
    private const string Sample = "shapes";

    private Exception? _failure;
    private bool _isStarting;

    [Inject]
    internal Transfers Transfers { get; set; } = null!;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private Task StartAsync(DroppedFiles files) => TryAsync(async () =>
    {
        var name = SourceName.Suggest(files.Names);
        var transfer = await Transfers.StartAsync(files, CancellationToken.None);
        Navigation.NavigateTo(Addresses.NewDataset(transfer.Upload, name));
    });

    /// <summary>Uses the sample that is there, or has it made.</summary>
    private Task UseSampleAsync() => TryAsync(async () =>
    {
        try
        {
            await Client.CreateDatasetFromServerAsync(new DatasetRequest { Name = Sample, Sample = Sample });
        }
        catch (CnnServiceException refusal) when (refusal.Code == "dataset.exists")
        {
            // It is what is wanted.
        }

        Navigation.NavigateTo(Addresses.Dataset(Sample));
    });

    private async Task TryAsync(Func<Task> act)
    {
        (_isStarting, _failure) = (true, null);
        try
        {
            await act();
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
