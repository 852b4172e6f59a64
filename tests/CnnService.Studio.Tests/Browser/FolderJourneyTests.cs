using System.Text.RegularExpressions;
using CnnService.Tests.Shared;
using Microsoft.Playwright;

namespace CnnService.Studio.Tests.Browser;

/// <summary>From a folder of photographs to a network that can be tried, as a person does it.</summary>
public class FolderJourneyTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    private const int ImagesPerClass = 40;

    [Fact]
    public async Task Folder_TrainedWithOnePress_AnswersForAnImageDroppedNext()
    {
        var photographs = SharedData.Path("dogs-vs-cats-small", "train");
        var data = Directory.CreateTempSubdirectory("cnnservice-tests-");
        var folder = Directory.CreateTempSubdirectory("cnnservice-pets-");
        try
        {
            CopySome(photographs, folder.FullName);
            await using var service = await ServiceProcess.StartAsync(data.FullName);
            var page = await chromium.OpenAsync(new Uri(service.Url, "/studio/"));
            var faults = new List<string>();
            page.PageError += (_, fault) => faults.Add(fault);
            page.Console += (_, message) =>
            {
                if (message.Type == "error")
                {
                    faults.Add(message.Text);
                }
            };

            await page.GotoAsync("/");
            await page.Locator("input[data-kind=folder]").SetInputFilesAsync(folder.FullName);
            var train = page.GetByRole(AriaRole.Button, new() { Name = "Train", Exact = true });
            await Assertions.Expect(train).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText($"{2 * ImagesPerClass} images in 2 classes")).ToBeVisibleAsync();
            await train.ClickAsync();

            var heading = page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("has learned$") });
            await Assertions.Expect(heading).ToBeVisibleAsync();
            await page.Locator("input[data-kind=files]").SetInputFilesAsync(Unseen(photographs));
            await Assertions.Expect(page.GetByTestId("label")).ToHaveTextAsync(new Regex("^(cats|dogs)$"));
            await Assertions.Expect(page.GetByTestId("probability")).ToHaveTextAsync(new Regex("^[0-9.]+ %$"));
            await Assertions.Expect(page.GetByTestId("heat")).ToBeVisibleAsync();

            await page.ReloadAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Try it" })).ToBeVisibleAsync();
            Assert.Empty(faults);
        }
        finally
        {
            data.Delete(recursive: true);
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A photograph that is not among those to train on.</summary>
    private static string Unseen(string photographs) => Directory.EnumerateFiles(Path.Combine(photographs, "cats"))
        .Order(StringComparer.Ordinal).ElementAt(ImagesPerClass);

    private static void CopySome(string from, string to)
    {
        foreach (var label in Directory.EnumerateDirectories(from))
        {
            var target = Directory.CreateDirectory(Path.Combine(to, Path.GetFileName(label))).FullName;
            foreach (var image in Directory.EnumerateFiles(label).Order(StringComparer.Ordinal).Take(ImagesPerClass))
            {
                File.Copy(image, Path.Combine(target, Path.GetFileName(image)));
            }
        }
    }
}
