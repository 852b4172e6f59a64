using CnnService.Studio.Sending;

namespace CnnService.Studio.Tests.Sending;

public class SourceNameTests
{
    [Theory]
    [InlineData("pets", "pets/cats/1.jpg", "pets/dogs/2.jpg")]
    [InlineData("my-holiday-2024", "My Holiday 2024/a/1.jpg")]
    [InlineData("koter", "Köter/a/1.jpg")]
    [InlineData("images", "a/1.jpg", "b/2.jpg")]
    [InlineData("images", "猫/1.jpg")]
    [InlineData("pets", "pets.tar.gz")]
    [InlineData("pets", "pets.ZIP")]
    [InlineData("images", "1.jpg")]
    public void Suggest_DroppedNames_GivesANameOfTheService(string expected, params string[] names) =>
        Assert.Equal(expected, SourceName.Suggest(names));

    [Theory]
    [InlineData(true, "pets.zip")]
    [InlineData(true, "pets.tar.zst")]
    [InlineData(false, "1.jpg")]
    [InlineData(false, "pets.zip", "labels.csv")]
    public void IsArchive_OneArchive_IsSentAsItIs(bool expected, params string[] names) =>
        Assert.Equal(expected, SourceName.IsArchive(names));
}
