"""What the API says of enterprises."""

from rest_framework import serializers

from directory.models import Enterprise, Unit


class UnitSerializer(serializers.ModelSerializer):
    class Meta:
        model = Unit
        fields = ("code", "name", "name_en", "kind")


class EnterpriseSerializer(serializers.ModelSerializer):
    street = UnitSerializer()

    class Meta:
        model = Enterprise
        fields = ("code", "name", "street", "address", "park", "industry", "size", "is_key", "last_visited_on")
