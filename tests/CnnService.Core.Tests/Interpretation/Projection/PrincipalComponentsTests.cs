using System.Text.Json;
using CnnService.Core.Interpretation.Projection;

namespace CnnService.Core.Tests.Interpretation.Projection;

/// <summary>Against the numbers that make_projection.py wrote with numpy.</summary>
public sealed class PrincipalComponentsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_TablesHighAndWide_IsWhatNumpyGives(int number)
    {
        using var numbers = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Interpretation", "Projection", "projection.json")));
        var expected = numbers.RootElement[number];
        var features = Table(expected.GetProperty("rows").GetInt32(), expected.GetProperty("columns").GetInt32());

        var components = PrincipalComponents.Compute(features, int.MaxValue);

        var coordinates = expected.GetProperty("coordinates");
        for (var row = 0; row < features.Length; row++)
        {
            for (var component = 0; component < 4; component++)
            {
                Assert.Equal(coordinates[row][component].GetDouble(), components.Coordinates[row][component], 1e-8); // Signs and all.
            }
        }

        Assert.All(components.Explained.Zip(expected.GetProperty("explained").EnumerateArray()),
            pair => Assert.Equal(pair.Second.GetDouble(), pair.First, 1e-10));
        Assert.Equal(1, components.Explained.Sum(), 1e-10);
    }

    /// <summary>The components are a turn: whole rows keep their distances.</summary>
    [Fact]
    public void Of_AllComponents_KeepsDistances()
    {
        var features = Clouds.Of(30, 50);
        var coordinates = PrincipalComponents.Compute(features, 50).Coordinates;

        for (var row = 1; row < features.Length; row++)
        {
            Assert.Equal(Distance(features[0], features[row]), Distance(coordinates[0], coordinates[row]), 1e-9);
        }
    }

    [Fact]
    public void Of_RowsThatAreTheSame_IsOnePoint()
    {
        var components = PrincipalComponents.Compute([[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]], 2);

        Assert.Equal([0.0, 0], components.Explained);
        Assert.All(components.Coordinates, row => Assert.Equal([0.0, 0], row));
    }

    [Fact]
    public void Of_FewerFeaturesThanComponentsAsked_GivesThose() =>
        Assert.Equal(1, Assert.Single(PrincipalComponents.Compute([[1], [4], [5]], 50).Explained));

    [Theory]
    [InlineData(150, 90)]
    [InlineData(90, 150)]
    public void Of_TheSameFeatures_IsTheSameToTheLastBit(int rows, int columns)
    {
        var (first, second) = (PrincipalComponents.Compute(Clouds.Of(rows, columns), 50),
            PrincipalComponents.Compute(Clouds.Of(rows, columns), 50));

        Assert.Equal(first.Coordinates.SelectMany(row => row), second.Coordinates.SelectMany(row => row));
        Assert.Equal(first.Explained, second.Explained);
    }

    private static double Distance(double[] one, double[] other) => Math.Sqrt(one.Zip(other, (a, b) => (a - b) * (a - b)).Sum());

    private static double[][] Table(int rows, int columns) =>
        [.. Enumerable.Range(0, rows).Select(i => Enumerable.Range(0, columns).Select(j => Value(i, j)).ToArray())];

    private static double Value(int i, int j)
    {
        var large = Math.Abs(Math.Sin((12.9898 * (i + 1)) + (78.233 * (j % 5)))) * 4096;
        return (3 * j) + ((1 + (j % 4)) * (large - Math.Floor(large) - 0.5)) + (0.1 * Math.Sin(i * (j + 1)));
    }
}
