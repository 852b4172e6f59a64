using CnnService.Client;
using CnnService.Studio.Pages.Tour;
using CnnService.Tests.Shared;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CnnService.Studio.Tests.Browser;

/// <summary>What the rules of accessibility can tell by themselves: names, roles, contrast, on every screen, in both themes.</summary>
[LongProof]
public class AccessibilityTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    private static readonly string[] Serious = ["serious", "critical"];

    [Fact]
    public async Task Screens_All_BreakNoSeriousRule()
    {
        var data = Directory.CreateTempSubdirectory("cnnservice-tests-");
        try
        {
            await using var service = await ServiceProcess.StartAsync(data.FullName);
            var screens = await FillAsync(service.Url);
            var found = new List<string>();
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                var page = await chromium.OpenAsync(service.Url, scheme: scheme);
                foreach (var screen in screens)
                {
                    await page.GotoAsync($"/studio/{screen}");
                    await SettleAsync(page);
                    var result = await page.RunAxe();
                    found.AddRange(result.Violations.Where(rule => Serious.Contains(rule.Impact)).Select(rule =>
                        $"{scheme} /{screen}: {rule.Id}: {string.Join(" | ", rule.Nodes.Take(3).Select(node => node.Html))}"));
                }
            }

            Assert.Empty(found);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>A data set, and two short runs on it; returns the addresses of all screens.</summary>
    private static async Task<IReadOnlyList<string>> FillAsync(Uri url)
    {
        const string sample = "shapes-few";
        var client = CnnServiceClient.Connect(new CnnServiceConnection { Address = url });
        await client.CreateDatasetFromServerAsync(new DatasetRequest { Name = sample, Sample = sample });
        await client.WaitForDatasetAsync(sample, null, TestContext.Current.CancellationToken);
        var run = await TrainAsync(client, sample);
        await TrainAsync(client, sample);
        var image = (await client.ListDatasetImagesAsync(sample, limit: 1)).Items[0].Id;
        var version = $"{run.Model}:{run.Version}";
        return
        [
            "", "data", $"data/{sample}", "runs", "runs/new", $"runs/new/{sample}", $"runs/{run.Id}", "nowhere",
            $"results/{run.Id}", $"results/{run.Id}?view=errors&cell=0,1", $"results/{run.Id}?view=sure",
            $"results/{run.Id}?view=compare&with={run.Model}:2", $"look/{version}", $"look/{version}?layer=conv_1",
            $"look/{version}?layer=conv_1&filter=0", $"try/{version}?image={sample}/{image}", "operate",
            .. TourStep.All.Select(step => $"tour/{step.Slug}"),
        ];
    }

    private static async Task<RunResource> TrainAsync(CnnServiceClient client, string dataset)
    {
        var run = await client.TrainAsync(new TrainRequest { Dataset = dataset, ImageSize = 64, Epochs = 2 });
        return await client.WaitForRunAsync(run.Id);
    }

    /// <summary>Until nothing is waited for.</summary>
    private static async Task SettleAsync(IPage page)
    {
        await Assertions.Expect(page.Locator("h1").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    }
}
