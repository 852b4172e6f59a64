using CnnService.Studio.Pages.Tour;
using CnnService.Tests.Shared;
using Microsoft.Playwright;

namespace CnnService.Studio.Tests.Browser;

/// <summary>The tour from its first step to its last, with the network that it looks into trained on the way.</summary>
public class TourJourneyTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    [LongProof]
    [Fact]
    public async Task Tour_WalkedToItsEnd_ShowsALiveNetwork()
    {
        var data = Directory.CreateTempSubdirectory("cnnservice-tests-");
        try
        {
            await using var service = await ServiceProcess.StartAsync(data.FullName);
            var page = await chromium.OpenAsync(new Uri(service.Url, "/studio/"));
            var faults = new List<string>();
            page.PageError += (_, fault) => faults.Add(fault);

            await page.GotoAsync("/studio/tour");
            foreach (var step in TourStep.All)
            {
                await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(step.Question);
                if (step.Slug == "feature-maps")
                {
                    await page.GetByRole(AriaRole.Button, new() { Name = "Train it now, about a minute" }).ClickAsync();
                    await Assertions.Expect(page.Locator("article img").First).ToBeVisibleAsync();
                }

                var next = page.GetByRole(AriaRole.Link, new() { Name = "Next:" });
                if (step != TourStep.All[^1])
                {
                    await next.ClickAsync();
                }
            }

            await Assertions.Expect(page.GetByTestId("heat").First).ToBeVisibleAsync();
            Assert.Empty(faults);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
